// Generated from model.proto and what it imports by proto/coreml/generate.mjs; not to be edited.

export const descriptor = {
 "nested": {
  "CoreML": {
   "nested": {
    "Pipeline": {
     "fields": {
      "models": {
       "rule": "repeated",
       "type": "Model",
       "id": 1
      },
      "names": {
       "rule": "repeated",
       "type": "string",
       "id": 2
      }
     }
    },
    "PipelineClassifier": {
     "fields": {
      "pipeline": {
       "type": "Pipeline",
       "id": 1
      }
     }
    },
    "PipelineRegressor": {
     "fields": {
      "pipeline": {
       "type": "Pipeline",
       "id": 1
      }
     }
    },
    "FeatureDescription": {
     "fields": {
      "name": {
       "type": "string",
       "id": 1
      },
      "shortDescription": {
       "type": "string",
       "id": 2
      },
      "type": {
       "type": "FeatureType",
       "id": 3
      }
     }
    },
    "Metadata": {
     "fields": {
      "shortDescription": {
       "type": "string",
       "id": 1
      },
      "versionString": {
       "type": "string",
       "id": 2
      },
      "author": {
       "type": "string",
       "id": 3
      },
      "license": {
       "type": "string",
       "id": 4
      },
      "userDefined": {
       "keyType": "string",
       "type": "string",
       "id": 100
      }
     }
    },
    "FunctionDescription": {
     "fields": {
      "name": {
       "type": "string",
       "id": 1
      },
      "input": {
       "rule": "repeated",
       "type": "FeatureDescription",
       "id": 2
      },
      "output": {
       "rule": "repeated",
       "type": "FeatureDescription",
       "id": 3
      },
      "predictedFeatureName": {
       "type": "string",
       "id": 4
      },
      "predictedProbabilitiesName": {
       "type": "string",
       "id": 5
      },
      "state": {
       "rule": "repeated",
       "type": "FeatureDescription",
       "id": 6
      }
     }
    },
    "ModelDescription": {
     "fields": {
      "input": {
       "rule": "repeated",
       "type": "FeatureDescription",
       "id": 1
      },
      "output": {
       "rule": "repeated",
       "type": "FeatureDescription",
       "id": 10
      },
      "predictedFeatureName": {
       "type": "string",
       "id": 11
      },
      "predictedProbabilitiesName": {
       "type": "string",
       "id": 12
      },
      "state": {
       "rule": "repeated",
       "type": "FeatureDescription",
       "id": 13
      },
      "functions": {
       "rule": "repeated",
       "type": "FunctionDescription",
       "id": 20
      },
      "defaultFunctionName": {
       "type": "string",
       "id": 21
      },
      "trainingInput": {
       "rule": "repeated",
       "type": "FeatureDescription",
       "id": 50
      },
      "metadata": {
       "type": "Metadata",
       "id": 100
      }
     }
    },
    "SerializedModel": {
     "fields": {
      "identifier": {
       "type": "string",
       "id": 1
      },
      "model": {
       "type": "bytes",
       "id": 2
      }
     }
    },
    "NonMaximumSuppression": {
     "oneofs": {
      "SuppressionMethod": {
       "oneof": [
        "pickTop"
       ]
      },
      "ClassLabels": {
       "oneof": [
        "stringClassLabels",
        "int64ClassLabels"
       ]
      }
     },
     "fields": {
      "pickTop": {
       "type": "PickTop",
       "id": 1
      },
      "stringClassLabels": {
       "type": "StringVector",
       "id": 100
      },
      "int64ClassLabels": {
       "type": "Int64Vector",
       "id": 101
      },
      "iouThreshold": {
       "type": "double",
       "id": 110
      },
      "confidenceThreshold": {
       "type": "double",
       "id": 111
      },
      "confidenceInputFeatureName": {
       "type": "string",
       "id": 200
      },
      "coordinatesInputFeatureName": {
       "type": "string",
       "id": 201
      },
      "iouThresholdInputFeatureName": {
       "type": "string",
       "id": 202
      },
      "confidenceThresholdInputFeatureName": {
       "type": "string",
       "id": 203
      },
      "confidenceOutputFeatureName": {
       "type": "string",
       "id": 210
      },
      "coordinatesOutputFeatureName": {
       "type": "string",
       "id": 211
      }
     },
     "nested": {
      "PickTop": {
       "fields": {
        "perClass": {
         "type": "bool",
         "id": 1
        }
       }
      }
     }
    },
    "OtherModel": {
     "fields": {}
    },
    "Model": {
     "oneofs": {
      "Type": {
       "oneof": [
        "pipelineClassifier",
        "pipelineRegressor",
        "pipeline",
        "glmRegressor",
        "supportVectorRegressor",
        "treeEnsembleRegressor",
        "neuralNetworkRegressor",
        "bayesianProbitRegressor",
        "glmClassifier",
        "supportVectorClassifier",
        "treeEnsembleClassifier",
        "neuralNetworkClassifier",
        "kNearestNeighborsClassifier",
        "neuralNetwork",
        "itemSimilarityRecommender",
        "mlProgram",
        "customModel",
        "linkedModel",
        "classConfidenceThresholding",
        "oneHotEncoder",
        "imputer",
        "featureVectorizer",
        "dictVectorizer",
        "scaler",
        "categoricalMapping",
        "normalizer",
        "arrayFeatureExtractor",
        "nonMaximumSuppression",
        "identity",
        "textClassifier",
        "wordTagger",
        "visionFeaturePrint",
        "soundAnalysisPreprocessing",
        "gazetteer",
        "wordEmbedding",
        "audioFeaturePrint",
        "serializedModel"
       ]
      }
     },
     "fields": {
      "specificationVersion": {
       "type": "int32",
       "id": 1
      },
      "description": {
       "type": "ModelDescription",
       "id": 2
      },
      "isUpdatable": {
       "type": "bool",
       "id": 10
      },
      "pipelineClassifier": {
       "type": "PipelineClassifier",
       "id": 200
      },
      "pipelineRegressor": {
       "type": "PipelineRegressor",
       "id": 201
      },
      "pipeline": {
       "type": "Pipeline",
       "id": 202
      },
      "glmRegressor": {
       "type": "OtherModel",
       "id": 300
      },
      "supportVectorRegressor": {
       "type": "OtherModel",
       "id": 301
      },
      "treeEnsembleRegressor": {
       "type": "OtherModel",
       "id": 302
      },
      "neuralNetworkRegressor": {
       "type": "NeuralNetwork",
       "id": 303
      },
      "bayesianProbitRegressor": {
       "type": "OtherModel",
       "id": 304
      },
      "glmClassifier": {
       "type": "OtherModel",
       "id": 400
      },
      "supportVectorClassifier": {
       "type": "OtherModel",
       "id": 401
      },
      "treeEnsembleClassifier": {
       "type": "OtherModel",
       "id": 402
      },
      "neuralNetworkClassifier": {
       "type": "NeuralNetwork",
       "id": 403
      },
      "kNearestNeighborsClassifier": {
       "type": "OtherModel",
       "id": 404
      },
      "neuralNetwork": {
       "type": "NeuralNetwork",
       "id": 500
      },
      "itemSimilarityRecommender": {
       "type": "OtherModel",
       "id": 501
      },
      "mlProgram": {
       "type": "MIL.Program",
       "id": 502
      },
      "customModel": {
       "type": "OtherModel",
       "id": 555
      },
      "linkedModel": {
       "type": "OtherModel",
       "id": 556
      },
      "classConfidenceThresholding": {
       "type": "OtherModel",
       "id": 560
      },
      "oneHotEncoder": {
       "type": "OtherModel",
       "id": 600
      },
      "imputer": {
       "type": "OtherModel",
       "id": 601
      },
      "featureVectorizer": {
       "type": "OtherModel",
       "id": 602
      },
      "dictVectorizer": {
       "type": "OtherModel",
       "id": 603
      },
      "scaler": {
       "type": "OtherModel",
       "id": 604
      },
      "categoricalMapping": {
       "type": "OtherModel",
       "id": 606
      },
      "normalizer": {
       "type": "OtherModel",
       "id": 607
      },
      "arrayFeatureExtractor": {
       "type": "OtherModel",
       "id": 609
      },
      "nonMaximumSuppression": {
       "type": "NonMaximumSuppression",
       "id": 610
      },
      "identity": {
       "type": "OtherModel",
       "id": 900
      },
      "textClassifier": {
       "type": "OtherModel",
       "id": 2000
      },
      "wordTagger": {
       "type": "OtherModel",
       "id": 2001
      },
      "visionFeaturePrint": {
       "type": "OtherModel",
       "id": 2002
      },
      "soundAnalysisPreprocessing": {
       "type": "OtherModel",
       "id": 2003
      },
      "gazetteer": {
       "type": "OtherModel",
       "id": 2004
      },
      "wordEmbedding": {
       "type": "OtherModel",
       "id": 2005
      },
      "audioFeaturePrint": {
       "type": "OtherModel",
       "id": 2006
      },
      "serializedModel": {
       "type": "SerializedModel",
       "id": 3000
      }
     }
    },
    "SizeRange": {
     "fields": {
      "lowerBound": {
       "type": "uint64",
       "id": 1
      },
      "upperBound": {
       "type": "int64",
       "id": 2
      }
     }
    },
    "ImageFeatureType": {
     "oneofs": {
      "SizeFlexibility": {
       "oneof": [
        "enumeratedSizes",
        "imageSizeRange"
       ]
      }
     },
     "fields": {
      "width": {
       "type": "int64",
       "id": 1
      },
      "height": {
       "type": "int64",
       "id": 2
      },
      "colorSpace": {
       "type": "ColorSpace",
       "id": 3
      },
      "enumeratedSizes": {
       "type": "EnumeratedImageSizes",
       "id": 21
      },
      "imageSizeRange": {
       "type": "ImageSizeRange",
       "id": 31
      }
     },
     "nested": {
      "ColorSpace": {
       "values": {
        "INVALID_COLOR_SPACE": 0,
        "GRAYSCALE": 10,
        "RGB": 20,
        "BGR": 30,
        "GRAYSCALE_FLOAT16": 40
       }
      },
      "ImageSize": {
       "fields": {
        "width": {
         "type": "uint64",
         "id": 1
        },
        "height": {
         "type": "uint64",
         "id": 2
        }
       }
      },
      "EnumeratedImageSizes": {
       "fields": {
        "sizes": {
         "rule": "repeated",
         "type": "ImageSize",
         "id": 1
        }
       }
      },
      "ImageSizeRange": {
       "fields": {
        "widthRange": {
         "type": "SizeRange",
         "id": 1
        },
        "heightRange": {
         "type": "SizeRange",
         "id": 2
        }
       }
      }
     }
    },
    "ArrayFeatureType": {
     "oneofs": {
      "ShapeFlexibility": {
       "oneof": [
        "enumeratedShapes",
        "shapeRange"
       ]
      },
      "defaultOptionalValue": {
       "oneof": [
        "intDefaultValue",
        "floatDefaultValue",
        "doubleDefaultValue"
       ]
      }
     },
     "fields": {
      "shape": {
       "rule": "repeated",
       "type": "int64",
       "id": 1
      },
      "dataType": {
       "type": "ArrayDataType",
       "id": 2
      },
      "enumeratedShapes": {
       "type": "EnumeratedShapes",
       "id": 21
      },
      "shapeRange": {
       "type": "ShapeRange",
       "id": 31
      },
      "intDefaultValue": {
       "type": "int32",
       "id": 41
      },
      "floatDefaultValue": {
       "type": "float",
       "id": 51
      },
      "doubleDefaultValue": {
       "type": "double",
       "id": 61
      }
     },
     "nested": {
      "ArrayDataType": {
       "values": {
        "INVALID_ARRAY_DATA_TYPE": 0,
        "FLOAT16": 65552,
        "FLOAT32": 65568,
        "DOUBLE": 65600,
        "INT8": 131080,
        "INT32": 131104
       }
      },
      "Shape": {
       "fields": {
        "shape": {
         "rule": "repeated",
         "type": "int64",
         "id": 1
        }
       }
      },
      "EnumeratedShapes": {
       "fields": {
        "shapes": {
         "rule": "repeated",
         "type": "Shape",
         "id": 1
        }
       }
      },
      "ShapeRange": {
       "fields": {
        "sizeRanges": {
         "rule": "repeated",
         "type": "SizeRange",
         "id": 1
        }
       }
      }
     }
    },
    "Unit": {
     "fields": {}
    },
    "DictionaryFeatureType": {
     "oneofs": {
      "KeyType": {
       "oneof": [
        "int64KeyType",
        "stringKeyType"
       ]
      }
     },
     "fields": {
      "int64KeyType": {
       "type": "Unit",
       "id": 1
      },
      "stringKeyType": {
       "type": "Unit",
       "id": 2
      }
     }
    },
    "SequenceFeatureType": {
     "oneofs": {
      "Type": {
       "oneof": [
        "int64Type",
        "stringType"
       ]
      }
     },
     "fields": {
      "int64Type": {
       "type": "Unit",
       "id": 1
      },
      "stringType": {
       "type": "Unit",
       "id": 3
      },
      "sizeRange": {
       "type": "SizeRange",
       "id": 101
      }
     }
    },
    "StateFeatureType": {
     "oneofs": {
      "Type": {
       "oneof": [
        "arrayType"
       ]
      }
     },
     "fields": {
      "arrayType": {
       "type": "ArrayFeatureType",
       "id": 1
      }
     }
    },
    "FeatureType": {
     "oneofs": {
      "Type": {
       "oneof": [
        "int64Type",
        "doubleType",
        "stringType",
        "imageType",
        "multiArrayType",
        "dictionaryType",
        "sequenceType",
        "stateType"
       ]
      }
     },
     "fields": {
      "int64Type": {
       "type": "Unit",
       "id": 1
      },
      "doubleType": {
       "type": "Unit",
       "id": 2
      },
      "stringType": {
       "type": "Unit",
       "id": 3
      },
      "imageType": {
       "type": "ImageFeatureType",
       "id": 4
      },
      "multiArrayType": {
       "type": "ArrayFeatureType",
       "id": 5
      },
      "dictionaryType": {
       "type": "DictionaryFeatureType",
       "id": 6
      },
      "sequenceType": {
       "type": "SequenceFeatureType",
       "id": 7
      },
      "stateType": {
       "type": "StateFeatureType",
       "id": 8
      },
      "isOptional": {
       "type": "bool",
       "id": 1000
      }
     }
    },
    "MIL": {
     "nested": {
      "Program": {
       "fields": {
        "version": {
         "type": "int64",
         "id": 1
        },
        "functions": {
         "keyType": "string",
         "type": "Function",
         "id": 2
        },
        "docString": {
         "type": "string",
         "id": 3
        },
        "attributes": {
         "keyType": "string",
         "type": "Value",
         "id": 4
        }
       }
      },
      "Function": {
       "fields": {
        "inputs": {
         "rule": "repeated",
         "type": "NamedValueType",
         "id": 1
        },
        "opset": {
         "type": "string",
         "id": 2
        },
        "block_specializations": {
         "keyType": "string",
         "type": "Block",
         "id": 3
        },
        "attributes": {
         "keyType": "string",
         "type": "Value",
         "id": 4
        }
       }
      },
      "Block": {
       "fields": {
        "inputs": {
         "rule": "repeated",
         "type": "NamedValueType",
         "id": 1
        },
        "outputs": {
         "rule": "repeated",
         "type": "string",
         "id": 2
        },
        "operations": {
         "rule": "repeated",
         "type": "Operation",
         "id": 3
        },
        "attributes": {
         "keyType": "string",
         "type": "Value",
         "id": 4
        }
       }
      },
      "Argument": {
       "fields": {
        "arguments": {
         "rule": "repeated",
         "type": "Binding",
         "id": 1
        }
       },
       "nested": {
        "Binding": {
         "oneofs": {
          "binding": {
           "oneof": [
            "name",
            "value"
           ]
          }
         },
         "fields": {
          "name": {
           "type": "string",
           "id": 1
          },
          "value": {
           "type": "Value",
           "id": 2
          }
         }
        }
       }
      },
      "Operation": {
       "fields": {
        "type": {
         "type": "string",
         "id": 1
        },
        "inputs": {
         "keyType": "string",
         "type": "Argument",
         "id": 2
        },
        "outputs": {
         "rule": "repeated",
         "type": "NamedValueType",
         "id": 3
        },
        "blocks": {
         "rule": "repeated",
         "type": "Block",
         "id": 4
        },
        "attributes": {
         "keyType": "string",
         "type": "Value",
         "id": 5
        }
       }
      },
      "NamedValueType": {
       "fields": {
        "name": {
         "type": "string",
         "id": 1
        },
        "type": {
         "type": "ValueType",
         "id": 2
        }
       }
      },
      "ValueType": {
       "oneofs": {
        "type": {
         "oneof": [
          "tensorType",
          "listType",
          "tupleType",
          "dictionaryType",
          "stateType"
         ]
        }
       },
       "fields": {
        "tensorType": {
         "type": "TensorType",
         "id": 1
        },
        "listType": {
         "type": "ListType",
         "id": 2
        },
        "tupleType": {
         "type": "TupleType",
         "id": 3
        },
        "dictionaryType": {
         "type": "DictionaryType",
         "id": 4
        },
        "stateType": {
         "type": "StateType",
         "id": 5
        }
       }
      },
      "DataType": {
       "values": {
        "UNUSED_TYPE": 0,
        "BOOL": 1,
        "STRING": 2,
        "FLOAT16": 10,
        "FLOAT32": 11,
        "FLOAT64": 12,
        "BFLOAT16": 13,
        "INT8": 21,
        "INT16": 22,
        "INT32": 23,
        "INT64": 24,
        "INT4": 25,
        "UINT8": 31,
        "UINT16": 32,
        "UINT32": 33,
        "UINT64": 34,
        "UINT4": 35,
        "UINT2": 36,
        "UINT1": 37,
        "UINT6": 38,
        "UINT3": 39,
        "FLOAT8E4M3FN": 40,
        "FLOAT8E5M2": 41
       }
      },
      "TensorType": {
       "fields": {
        "dataType": {
         "type": "DataType",
         "id": 1
        },
        "rank": {
         "type": "int64",
         "id": 2
        },
        "dimensions": {
         "rule": "repeated",
         "type": "Dimension",
         "id": 3
        },
        "attributes": {
         "keyType": "string",
         "type": "Value",
         "id": 4
        }
       }
      },
      "TupleType": {
       "fields": {
        "types": {
         "rule": "repeated",
         "type": "ValueType",
         "id": 1
        }
       }
      },
      "ListType": {
       "fields": {
        "type": {
         "type": "ValueType",
         "id": 1
        },
        "length": {
         "type": "Dimension",
         "id": 2
        }
       }
      },
      "DictionaryType": {
       "fields": {
        "keyType": {
         "type": "ValueType",
         "id": 1
        },
        "valueType": {
         "type": "ValueType",
         "id": 2
        }
       }
      },
      "StateType": {
       "fields": {
        "wrappedType": {
         "type": "ValueType",
         "id": 1
        }
       }
      },
      "Dimension": {
       "oneofs": {
        "dimension": {
         "oneof": [
          "constant",
          "unknown"
         ]
        }
       },
       "fields": {
        "constant": {
         "type": "ConstantDimension",
         "id": 1
        },
        "unknown": {
         "type": "UnknownDimension",
         "id": 2
        }
       },
       "nested": {
        "ConstantDimension": {
         "fields": {
          "size": {
           "type": "uint64",
           "id": 1
          }
         }
        },
        "UnknownDimension": {
         "fields": {
          "variadic": {
           "type": "bool",
           "id": 1
          }
         }
        }
       }
      },
      "Value": {
       "oneofs": {
        "value": {
         "oneof": [
          "immediateValue",
          "blobFileValue"
         ]
        }
       },
       "fields": {
        "docString": {
         "type": "string",
         "id": 1
        },
        "type": {
         "type": "ValueType",
         "id": 2
        },
        "immediateValue": {
         "type": "ImmediateValue",
         "id": 3
        },
        "blobFileValue": {
         "type": "BlobFileValue",
         "id": 5
        }
       },
       "nested": {
        "ImmediateValue": {
         "oneofs": {
          "value": {
           "oneof": [
            "tensor",
            "tuple",
            "list",
            "dictionary"
           ]
          }
         },
         "fields": {
          "tensor": {
           "type": "TensorValue",
           "id": 1
          },
          "tuple": {
           "type": "TupleValue",
           "id": 2
          },
          "list": {
           "type": "ListValue",
           "id": 3
          },
          "dictionary": {
           "type": "DictionaryValue",
           "id": 4
          }
         }
        },
        "BlobFileValue": {
         "fields": {
          "fileName": {
           "type": "string",
           "id": 1
          },
          "offset": {
           "type": "uint64",
           "id": 2
          }
         }
        }
       }
      },
      "TensorValue": {
       "oneofs": {
        "value": {
         "oneof": [
          "floats",
          "ints",
          "bools",
          "strings",
          "longInts",
          "doubles",
          "bytes"
         ]
        }
       },
       "fields": {
        "floats": {
         "type": "PackedFloats",
         "id": 1
        },
        "ints": {
         "type": "RepeatedInts",
         "id": 2
        },
        "bools": {
         "type": "RepeatedBools",
         "id": 3
        },
        "strings": {
         "type": "RepeatedStrings",
         "id": 4
        },
        "longInts": {
         "type": "RepeatedLongInts",
         "id": 5
        },
        "doubles": {
         "type": "PackedDoubles",
         "id": 6
        },
        "bytes": {
         "type": "RepeatedBytes",
         "id": 7
        }
       },
       "nested": {
        "PackedFloats": {
         "fields": {
          "values": {
           "rule": "repeated",
           "type": "bytes",
           "id": 1
          }
         }
        },
        "PackedDoubles": {
         "fields": {
          "values": {
           "rule": "repeated",
           "type": "bytes",
           "id": 1
          }
         }
        },
        "RepeatedInts": {
         "fields": {
          "values": {
           "rule": "repeated",
           "type": "int32",
           "id": 1
          }
         }
        },
        "RepeatedLongInts": {
         "fields": {
          "values": {
           "rule": "repeated",
           "type": "int64",
           "id": 1
          }
         }
        },
        "RepeatedBools": {
         "fields": {
          "values": {
           "rule": "repeated",
           "type": "bool",
           "id": 1
          }
         }
        },
        "RepeatedStrings": {
         "fields": {
          "values": {
           "rule": "repeated",
           "type": "string",
           "id": 1
          }
         }
        },
        "RepeatedBytes": {
         "fields": {
          "values": {
           "type": "bytes",
           "id": 1
          }
         }
        }
       }
      },
      "TupleValue": {
       "fields": {
        "values": {
         "rule": "repeated",
         "type": "Value",
         "id": 1
        }
       }
      },
      "ListValue": {
       "fields": {
        "values": {
         "rule": "repeated",
         "type": "Value",
         "id": 1
        }
       }
      },
      "DictionaryValue": {
       "fields": {
        "values": {
         "rule": "repeated",
         "type": "KeyValuePair",
         "id": 1
        }
       },
       "nested": {
        "KeyValuePair": {
         "fields": {
          "key": {
           "type": "Value",
           "id": 1
          },
          "value": {
           "type": "Value",
           "id": 2
          }
         }
        }
       }
      }
     }
    },
    "StringVector": {
     "fields": {
      "vector": {
       "rule": "repeated",
       "type": "string",
       "id": 1
      }
     }
    },
    "Int64Vector": {
     "fields": {
      "vector": {
       "rule": "repeated",
       "type": "int64",
       "id": 1
      }
     }
    },
    "NeuralNetworkMultiArrayShapeMapping": {
     "values": {
      "RANK5_ARRAY_MAPPING": 0,
      "EXACT_ARRAY_MAPPING": 1
     }
    },
    "NeuralNetworkImageShapeMapping": {
     "values": {
      "RANK5_IMAGE_MAPPING": 0,
      "RANK4_IMAGE_MAPPING": 1
     }
    },
    "NeuralNetwork": {
     "oneofs": {
      "ClassLabels": {
       "oneof": [
        "stringClassLabels",
        "int64ClassLabels"
       ]
      }
     },
     "fields": {
      "layers": {
       "rule": "repeated",
       "type": "NeuralNetworkLayer",
       "id": 1
      },
      "preprocessing": {
       "rule": "repeated",
       "type": "NeuralNetworkPreprocessing",
       "id": 2
      },
      "arrayInputShapeMapping": {
       "type": "NeuralNetworkMultiArrayShapeMapping",
       "id": 5
      },
      "imageInputShapeMapping": {
       "type": "NeuralNetworkImageShapeMapping",
       "id": 6
      },
      "stringClassLabels": {
       "type": "StringVector",
       "id": 100
      },
      "int64ClassLabels": {
       "type": "Int64Vector",
       "id": 101
      },
      "labelProbabilityLayerName": {
       "type": "string",
       "id": 200
      }
     }
    },
    "NeuralNetworkImageScaler": {
     "fields": {
      "channelScale": {
       "type": "float",
       "id": 10
      },
      "blueBias": {
       "type": "float",
       "id": 20
      },
      "greenBias": {
       "type": "float",
       "id": 21
      },
      "redBias": {
       "type": "float",
       "id": 22
      },
      "grayBias": {
       "type": "float",
       "id": 30
      }
     }
    },
    "NeuralNetworkMeanImage": {
     "fields": {
      "meanImage": {
       "rule": "repeated",
       "type": "bytes",
       "id": 1
      }
     }
    },
    "NeuralNetworkPreprocessing": {
     "oneofs": {
      "preprocessor": {
       "oneof": [
        "scaler",
        "meanImage"
       ]
      }
     },
     "fields": {
      "featureName": {
       "type": "string",
       "id": 1
      },
      "scaler": {
       "type": "NeuralNetworkImageScaler",
       "id": 10
      },
      "meanImage": {
       "type": "NeuralNetworkMeanImage",
       "id": 11
      }
     }
    },
    "Tensor": {
     "fields": {
      "rank": {
       "type": "uint32",
       "id": 1
      },
      "dimValue": {
       "rule": "repeated",
       "type": "int64",
       "id": 2
      }
     }
    },
    "NeuralNetworkLayer": {
     "oneofs": {
      "layer": {
       "oneof": [
        "convolution",
        "pooling",
        "activation",
        "innerProduct",
        "embedding",
        "batchnorm",
        "mvn",
        "l2normalize",
        "softmax",
        "lrn",
        "crop",
        "padding",
        "upsample",
        "resizeBilinear",
        "cropResize",
        "unary",
        "add",
        "multiply",
        "average",
        "scale",
        "bias",
        "max",
        "min",
        "dot",
        "reduce",
        "loadConstant",
        "reshape",
        "flatten",
        "permute",
        "concat",
        "split",
        "sequenceRepeat",
        "reorganizeData",
        "slice",
        "simpleRecurrent",
        "gru",
        "uniDirectionalLSTM",
        "biDirectionalLSTM",
        "custom",
        "copy",
        "branch",
        "loop",
        "loopBreak",
        "loopContinue",
        "rangeStatic",
        "rangeDynamic",
        "clip",
        "ceil",
        "floor",
        "sign",
        "round",
        "exp2",
        "sin",
        "cos",
        "tan",
        "asin",
        "acos",
        "atan",
        "sinh",
        "cosh",
        "tanh",
        "asinh",
        "acosh",
        "atanh",
        "erf",
        "gelu",
        "equal",
        "notEqual",
        "lessThan",
        "lessEqual",
        "greaterThan",
        "greaterEqual",
        "logicalOr",
        "logicalXor",
        "logicalNot",
        "logicalAnd",
        "modBroadcastable",
        "minBroadcastable",
        "maxBroadcastable",
        "addBroadcastable",
        "powBroadcastable",
        "divideBroadcastable",
        "floorDivBroadcastable",
        "multiplyBroadcastable",
        "subtractBroadcastable",
        "tile",
        "stack",
        "gather",
        "scatter",
        "gatherND",
        "scatterND",
        "softmaxND",
        "gatherAlongAxis",
        "scatterAlongAxis",
        "reverse",
        "reverseSeq",
        "splitND",
        "concatND",
        "transpose",
        "sliceStatic",
        "sliceDynamic",
        "slidingWindows",
        "topK",
        "argMin",
        "argMax",
        "embeddingND",
        "batchedMatmul",
        "getShape",
        "loadConstantND",
        "fillLike",
        "fillStatic",
        "fillDynamic",
        "broadcastToLike",
        "broadcastToStatic",
        "broadcastToDynamic",
        "squeeze",
        "expandDims",
        "flattenTo2D",
        "reshapeLike",
        "reshapeStatic",
        "reshapeDynamic",
        "rankPreservingReshape",
        "constantPad",
        "randomNormalLike",
        "randomNormalStatic",
        "randomNormalDynamic",
        "randomUniformLike",
        "randomUniformStatic",
        "randomUniformDynamic",
        "randomBernoulliLike",
        "randomBernoulliStatic",
        "randomBernoulliDynamic",
        "categoricalDistribution",
        "reduceL1",
        "reduceL2",
        "reduceMax",
        "reduceMin",
        "reduceSum",
        "reduceProd",
        "reduceMean",
        "reduceLogSum",
        "reduceSumSquare",
        "reduceLogSumExp",
        "whereNonZero",
        "matrixBandPart",
        "lowerTriangular",
        "upperTriangular",
        "whereBroadcastable",
        "layerNormalization",
        "NonMaximumSuppression",
        "oneHot",
        "cumSum",
        "clampedReLU",
        "argSort",
        "pooling3d",
        "globalPooling3d",
        "sliceBySize",
        "convolution3d"
       ]
      }
     },
     "fields": {
      "name": {
       "type": "string",
       "id": 1
      },
      "input": {
       "rule": "repeated",
       "type": "string",
       "id": 2
      },
      "output": {
       "rule": "repeated",
       "type": "string",
       "id": 3
      },
      "inputTensor": {
       "rule": "repeated",
       "type": "Tensor",
       "id": 4
      },
      "outputTensor": {
       "rule": "repeated",
       "type": "Tensor",
       "id": 5
      },
      "isUpdatable": {
       "type": "bool",
       "id": 10
      },
      "convolution": {
       "type": "ConvolutionLayerParams",
       "id": 100
      },
      "pooling": {
       "type": "PoolingLayerParams",
       "id": 120
      },
      "activation": {
       "type": "ActivationParams",
       "id": 130
      },
      "innerProduct": {
       "type": "InnerProductLayerParams",
       "id": 140
      },
      "embedding": {
       "type": "EmbeddingLayerParams",
       "id": 150
      },
      "batchnorm": {
       "type": "BatchnormLayerParams",
       "id": 160
      },
      "mvn": {
       "type": "MeanVarianceNormalizeLayerParams",
       "id": 165
      },
      "l2normalize": {
       "type": "L2NormalizeLayerParams",
       "id": 170
      },
      "softmax": {
       "type": "NoParams",
       "id": 175
      },
      "lrn": {
       "type": "LRNLayerParams",
       "id": 180
      },
      "crop": {
       "type": "CropLayerParams",
       "id": 190
      },
      "padding": {
       "type": "PaddingLayerParams",
       "id": 200
      },
      "upsample": {
       "type": "UpsampleLayerParams",
       "id": 210
      },
      "resizeBilinear": {
       "type": "ResizeBilinearLayerParams",
       "id": 211
      },
      "cropResize": {
       "type": "CropResizeLayerParams",
       "id": 212
      },
      "unary": {
       "type": "UnaryFunctionLayerParams",
       "id": 220
      },
      "add": {
       "type": "AlphaParams",
       "id": 230
      },
      "multiply": {
       "type": "AlphaParams",
       "id": 231
      },
      "average": {
       "type": "NoParams",
       "id": 240
      },
      "scale": {
       "type": "ScaleLayerParams",
       "id": 245
      },
      "bias": {
       "type": "BiasLayerParams",
       "id": 250
      },
      "max": {
       "type": "NoParams",
       "id": 260
      },
      "min": {
       "type": "NoParams",
       "id": 261
      },
      "dot": {
       "type": "DotProductLayerParams",
       "id": 270
      },
      "reduce": {
       "type": "ReduceLayerParams",
       "id": 280
      },
      "loadConstant": {
       "type": "LoadConstantParams",
       "id": 290
      },
      "reshape": {
       "type": "ReshapeLayerParams",
       "id": 300
      },
      "flatten": {
       "type": "FlattenLayerParams",
       "id": 301
      },
      "permute": {
       "type": "PermuteLayerParams",
       "id": 310
      },
      "concat": {
       "type": "ConcatLayerParams",
       "id": 320
      },
      "split": {
       "type": "SplitLayerParams",
       "id": 330
      },
      "sequenceRepeat": {
       "type": "SequenceRepeatLayerParams",
       "id": 340
      },
      "reorganizeData": {
       "type": "ReorganizeDataLayerParams",
       "id": 345
      },
      "slice": {
       "type": "SliceLayerParams",
       "id": 350
      },
      "simpleRecurrent": {
       "type": "SimpleRecurrentLayerParams",
       "id": 400
      },
      "gru": {
       "type": "GRULayerParams",
       "id": 410
      },
      "uniDirectionalLSTM": {
       "type": "UniDirectionalLSTMLayerParams",
       "id": 420
      },
      "biDirectionalLSTM": {
       "type": "BiDirectionalLSTMLayerParams",
       "id": 430
      },
      "custom": {
       "type": "CustomLayerParams",
       "id": 500
      },
      "copy": {
       "type": "NoParams",
       "id": 600
      },
      "branch": {
       "type": "BranchLayerParams",
       "id": 605
      },
      "loop": {
       "type": "LoopLayerParams",
       "id": 615
      },
      "loopBreak": {
       "type": "NoParams",
       "id": 620
      },
      "loopContinue": {
       "type": "NoParams",
       "id": 625
      },
      "rangeStatic": {
       "type": "RangeStaticLayerParams",
       "id": 635
      },
      "rangeDynamic": {
       "type": "RangeDynamicLayerParams",
       "id": 640
      },
      "clip": {
       "type": "ClipLayerParams",
       "id": 660
      },
      "ceil": {
       "type": "NoParams",
       "id": 665
      },
      "floor": {
       "type": "NoParams",
       "id": 670
      },
      "sign": {
       "type": "NoParams",
       "id": 680
      },
      "round": {
       "type": "NoParams",
       "id": 685
      },
      "exp2": {
       "type": "NoParams",
       "id": 700
      },
      "sin": {
       "type": "NoParams",
       "id": 710
      },
      "cos": {
       "type": "NoParams",
       "id": 715
      },
      "tan": {
       "type": "NoParams",
       "id": 720
      },
      "asin": {
       "type": "NoParams",
       "id": 730
      },
      "acos": {
       "type": "NoParams",
       "id": 735
      },
      "atan": {
       "type": "NoParams",
       "id": 740
      },
      "sinh": {
       "type": "NoParams",
       "id": 750
      },
      "cosh": {
       "type": "NoParams",
       "id": 755
      },
      "tanh": {
       "type": "NoParams",
       "id": 760
      },
      "asinh": {
       "type": "NoParams",
       "id": 770
      },
      "acosh": {
       "type": "NoParams",
       "id": 775
      },
      "atanh": {
       "type": "NoParams",
       "id": 780
      },
      "erf": {
       "type": "NoParams",
       "id": 790
      },
      "gelu": {
       "type": "GeluLayerParams",
       "id": 795
      },
      "equal": {
       "type": "AlphaParams",
       "id": 815
      },
      "notEqual": {
       "type": "AlphaParams",
       "id": 820
      },
      "lessThan": {
       "type": "OrderParams",
       "id": 825
      },
      "lessEqual": {
       "type": "OrderParams",
       "id": 827
      },
      "greaterThan": {
       "type": "OrderParams",
       "id": 830
      },
      "greaterEqual": {
       "type": "OrderParams",
       "id": 832
      },
      "logicalOr": {
       "type": "NoParams",
       "id": 840
      },
      "logicalXor": {
       "type": "NoParams",
       "id": 845
      },
      "logicalNot": {
       "type": "NoParams",
       "id": 850
      },
      "logicalAnd": {
       "type": "NoParams",
       "id": 855
      },
      "modBroadcastable": {
       "type": "NoParams",
       "id": 865
      },
      "minBroadcastable": {
       "type": "NoParams",
       "id": 870
      },
      "maxBroadcastable": {
       "type": "NoParams",
       "id": 875
      },
      "addBroadcastable": {
       "type": "NoParams",
       "id": 880
      },
      "powBroadcastable": {
       "type": "NoParams",
       "id": 885
      },
      "divideBroadcastable": {
       "type": "NoParams",
       "id": 890
      },
      "floorDivBroadcastable": {
       "type": "NoParams",
       "id": 895
      },
      "multiplyBroadcastable": {
       "type": "NoParams",
       "id": 900
      },
      "subtractBroadcastable": {
       "type": "NoParams",
       "id": 905
      },
      "tile": {
       "type": "TileLayerParams",
       "id": 920
      },
      "stack": {
       "type": "AxisParams",
       "id": 925
      },
      "gather": {
       "type": "AxisParams",
       "id": 930
      },
      "scatter": {
       "type": "ScatterAxisParams",
       "id": 935
      },
      "gatherND": {
       "type": "NoParams",
       "id": 940
      },
      "scatterND": {
       "type": "ScatterNDLayerParams",
       "id": 945
      },
      "softmaxND": {
       "type": "AxisParams",
       "id": 950
      },
      "gatherAlongAxis": {
       "type": "AxisParams",
       "id": 952
      },
      "scatterAlongAxis": {
       "type": "ScatterAxisParams",
       "id": 954
      },
      "reverse": {
       "type": "ReverseLayerParams",
       "id": 960
      },
      "reverseSeq": {
       "type": "ReverseSeqLayerParams",
       "id": 965
      },
      "splitND": {
       "type": "SplitNDLayerParams",
       "id": 975
      },
      "concatND": {
       "type": "ConcatNDLayerParams",
       "id": 980
      },
      "transpose": {
       "type": "TransposeLayerParams",
       "id": 985
      },
      "sliceStatic": {
       "type": "SliceStaticLayerParams",
       "id": 995
      },
      "sliceDynamic": {
       "type": "SliceDynamicLayerParams",
       "id": 1000
      },
      "slidingWindows": {
       "type": "SlidingWindowsLayerParams",
       "id": 1005
      },
      "topK": {
       "type": "TopKLayerParams",
       "id": 1015
      },
      "argMin": {
       "type": "ArgReduceParams",
       "id": 1020
      },
      "argMax": {
       "type": "ArgReduceParams",
       "id": 1025
      },
      "embeddingND": {
       "type": "EmbeddingNDLayerParams",
       "id": 1040
      },
      "batchedMatmul": {
       "type": "BatchedMatMulLayerParams",
       "id": 1045
      },
      "getShape": {
       "type": "NoParams",
       "id": 1065
      },
      "loadConstantND": {
       "type": "LoadConstantParams",
       "id": 1070
      },
      "fillLike": {
       "type": "FillParams",
       "id": 1080
      },
      "fillStatic": {
       "type": "FillStaticLayerParams",
       "id": 1085
      },
      "fillDynamic": {
       "type": "FillParams",
       "id": 1090
      },
      "broadcastToLike": {
       "type": "NoParams",
       "id": 1100
      },
      "broadcastToStatic": {
       "type": "BroadcastToStaticLayerParams",
       "id": 1105
      },
      "broadcastToDynamic": {
       "type": "NoParams",
       "id": 1110
      },
      "squeeze": {
       "type": "SqueezeLayerParams",
       "id": 1120
      },
      "expandDims": {
       "type": "AxesParams",
       "id": 1125
      },
      "flattenTo2D": {
       "type": "AxisParams",
       "id": 1130
      },
      "reshapeLike": {
       "type": "NoParams",
       "id": 1135
      },
      "reshapeStatic": {
       "type": "TargetShapeParams",
       "id": 1140
      },
      "reshapeDynamic": {
       "type": "NoParams",
       "id": 1145
      },
      "rankPreservingReshape": {
       "type": "TargetShapeParams",
       "id": 1150
      },
      "constantPad": {
       "type": "ConstantPaddingLayerParams",
       "id": 1155
      },
      "randomNormalLike": {
       "type": "RandomNormalParams",
       "id": 1170
      },
      "randomNormalStatic": {
       "type": "RandomNormalStaticLayerParams",
       "id": 1175
      },
      "randomNormalDynamic": {
       "type": "RandomNormalParams",
       "id": 1180
      },
      "randomUniformLike": {
       "type": "RandomUniformParams",
       "id": 1190
      },
      "randomUniformStatic": {
       "type": "RandomUniformStaticLayerParams",
       "id": 1195
      },
      "randomUniformDynamic": {
       "type": "RandomUniformParams",
       "id": 1200
      },
      "randomBernoulliLike": {
       "type": "RandomBernoulliParams",
       "id": 1210
      },
      "randomBernoulliStatic": {
       "type": "RandomBernoulliStaticLayerParams",
       "id": 1215
      },
      "randomBernoulliDynamic": {
       "type": "RandomBernoulliParams",
       "id": 1220
      },
      "categoricalDistribution": {
       "type": "CategoricalDistributionLayerParams",
       "id": 1230
      },
      "reduceL1": {
       "type": "ReduceAxesParams",
       "id": 1250
      },
      "reduceL2": {
       "type": "ReduceAxesParams",
       "id": 1255
      },
      "reduceMax": {
       "type": "ReduceAxesParams",
       "id": 1260
      },
      "reduceMin": {
       "type": "ReduceAxesParams",
       "id": 1265
      },
      "reduceSum": {
       "type": "ReduceAxesParams",
       "id": 1270
      },
      "reduceProd": {
       "type": "ReduceAxesParams",
       "id": 1275
      },
      "reduceMean": {
       "type": "ReduceAxesParams",
       "id": 1280
      },
      "reduceLogSum": {
       "type": "ReduceAxesParams",
       "id": 1285
      },
      "reduceSumSquare": {
       "type": "ReduceAxesParams",
       "id": 1290
      },
      "reduceLogSumExp": {
       "type": "ReduceAxesParams",
       "id": 1295
      },
      "whereNonZero": {
       "type": "NoParams",
       "id": 1313
      },
      "matrixBandPart": {
       "type": "MatrixBandPartLayerParams",
       "id": 1315
      },
      "lowerTriangular": {
       "type": "TriangularParams",
       "id": 1320
      },
      "upperTriangular": {
       "type": "TriangularParams",
       "id": 1325
      },
      "whereBroadcastable": {
       "type": "NoParams",
       "id": 1330
      },
      "layerNormalization": {
       "type": "LayerNormalizationLayerParams",
       "id": 1350
      },
      "NonMaximumSuppression": {
       "type": "NonMaximumSuppressionLayerParams",
       "id": 1400
      },
      "oneHot": {
       "type": "OneHotLayerParams",
       "id": 1450
      },
      "cumSum": {
       "type": "CumSumLayerParams",
       "id": 1455
      },
      "clampedReLU": {
       "type": "AlphaBetaParams",
       "id": 1460
      },
      "argSort": {
       "type": "ArgSortLayerParams",
       "id": 1461
      },
      "pooling3d": {
       "type": "Pooling3DLayerParams",
       "id": 1465
      },
      "globalPooling3d": {
       "type": "GlobalPooling3DLayerParams",
       "id": 1466
      },
      "sliceBySize": {
       "type": "SliceBySizeLayerParams",
       "id": 1470
      },
      "convolution3d": {
       "type": "Convolution3DLayerParams",
       "id": 1471
      }
     }
    },
    "WeightParams": {
     "fields": {
      "floatValue": {
       "rule": "repeated",
       "type": "bytes",
       "id": 1
      },
      "float16Value": {
       "type": "bytes",
       "id": 2
      },
      "rawValue": {
       "type": "bytes",
       "id": 30
      },
      "int8RawValue": {
       "type": "bytes",
       "id": 31
      },
      "quantization": {
       "type": "QuantizationParams",
       "id": 40
      },
      "isUpdatable": {
       "type": "bool",
       "id": 50
      }
     }
    },
    "QuantizationParams": {
     "oneofs": {
      "QuantizationType": {
       "oneof": [
        "linearQuantization",
        "lookupTableQuantization"
       ]
      }
     },
     "fields": {
      "numberOfBits": {
       "type": "uint64",
       "id": 1
      },
      "linearQuantization": {
       "type": "LinearQuantizationParams",
       "id": 101
      },
      "lookupTableQuantization": {
       "type": "LookUpTableQuantizationParams",
       "id": 102
      }
     }
    },
    "LinearQuantizationParams": {
     "fields": {
      "scale": {
       "rule": "repeated",
       "type": "bytes",
       "id": 1
      },
      "bias": {
       "rule": "repeated",
       "type": "bytes",
       "id": 2
      }
     }
    },
    "LookUpTableQuantizationParams": {
     "fields": {
      "floatValue": {
       "rule": "repeated",
       "type": "bytes",
       "id": 1
      }
     }
    },
    "NoParams": {
     "fields": {}
    },
    "AlphaParams": {
     "fields": {
      "alpha": {
       "type": "float",
       "id": 1
      }
     }
    },
    "AlphaBetaParams": {
     "fields": {
      "alpha": {
       "type": "float",
       "id": 1
      },
      "beta": {
       "type": "float",
       "id": 2
      }
     }
    },
    "OrderParams": {
     "fields": {
      "alpha": {
       "type": "float",
       "id": 2
      }
     }
    },
    "AxisParams": {
     "fields": {
      "axis": {
       "type": "int64",
       "id": 1
      }
     }
    },
    "AxesParams": {
     "fields": {
      "axes": {
       "rule": "repeated",
       "type": "int64",
       "id": 1
      }
     }
    },
    "TargetShapeParams": {
     "fields": {
      "targetShape": {
       "rule": "repeated",
       "type": "int64",
       "id": 1
      }
     }
    },
    "LoadConstantParams": {
     "fields": {
      "shape": {
       "rule": "repeated",
       "type": "uint64",
       "id": 1
      },
      "data": {
       "type": "WeightParams",
       "id": 2
      }
     }
    },
    "FillParams": {
     "fields": {
      "value": {
       "type": "float",
       "id": 1
      }
     }
    },
    "ArgReduceParams": {
     "fields": {
      "axis": {
       "type": "int64",
       "id": 1
      },
      "removeDim": {
       "type": "bool",
       "id": 2
      }
     }
    },
    "ReduceAxesParams": {
     "fields": {
      "axes": {
       "rule": "repeated",
       "type": "int64",
       "id": 1
      },
      "keepDims": {
       "type": "bool",
       "id": 2
      },
      "reduceAll": {
       "type": "bool",
       "id": 3
      }
     }
    },
    "TriangularParams": {
     "fields": {
      "k": {
       "type": "int64",
       "id": 1
      }
     }
    },
    "ScatterMode": {
     "values": {
      "SCATTER_UPDATE": 0,
      "SCATTER_ADD": 1,
      "SCATTER_SUB": 2,
      "SCATTER_MUL": 3,
      "SCATTER_DIV": 4,
      "SCATTER_MAX": 5,
      "SCATTER_MIN": 6
     }
    },
    "ScatterAxisParams": {
     "fields": {
      "axis": {
       "type": "int64",
       "id": 1
      },
      "mode": {
       "type": "ScatterMode",
       "id": 2
      }
     }
    },
    "RandomNormalParams": {
     "fields": {
      "seed": {
       "type": "int64",
       "id": 1
      },
      "mean": {
       "type": "float",
       "id": 2
      },
      "stdDev": {
       "type": "float",
       "id": 3
      }
     }
    },
    "RandomUniformParams": {
     "fields": {
      "seed": {
       "type": "int64",
       "id": 1
      },
      "minVal": {
       "type": "float",
       "id": 2
      },
      "maxVal": {
       "type": "float",
       "id": 3
      }
     }
    },
    "RandomBernoulliParams": {
     "fields": {
      "seed": {
       "type": "int64",
       "id": 1
      },
      "prob": {
       "type": "float",
       "id": 2
      }
     }
    },
    "BorderAmounts": {
     "fields": {
      "borderAmounts": {
       "rule": "repeated",
       "type": "EdgeSizes",
       "id": 10
      }
     },
     "nested": {
      "EdgeSizes": {
       "fields": {
        "startEdgeSize": {
         "type": "uint64",
         "id": 1
        },
        "endEdgeSize": {
         "type": "uint64",
         "id": 2
        }
       }
      }
     }
    },
    "ValidPadding": {
     "fields": {
      "paddingAmounts": {
       "type": "BorderAmounts",
       "id": 1
      }
     }
    },
    "SamePadding": {
     "fields": {
      "asymmetryMode": {
       "type": "SamePaddingMode",
       "id": 1
      }
     },
     "nested": {
      "SamePaddingMode": {
       "values": {
        "BOTTOM_RIGHT_HEAVY": 0,
        "TOP_LEFT_HEAVY": 1
       }
      }
     }
    },
    "SamplingMode": {
     "fields": {
      "samplingMethod": {
       "type": "Method",
       "id": 1
      }
     },
     "nested": {
      "Method": {
       "values": {
        "STRICT_ALIGN_ENDPOINTS_MODE": 0,
        "ALIGN_ENDPOINTS_MODE": 1,
        "UPSAMPLE_MODE": 2,
        "ROI_ALIGN_MODE": 3
       }
      }
     }
    },
    "BoxCoordinatesMode": {
     "fields": {
      "boxMode": {
       "type": "Coordinates",
       "id": 1
      }
     },
     "nested": {
      "Coordinates": {
       "values": {
        "CORNERS_HEIGHT_FIRST": 0,
        "CORNERS_WIDTH_FIRST": 1,
        "CENTER_SIZE_HEIGHT_FIRST": 2,
        "CENTER_SIZE_WIDTH_FIRST": 3
       }
      }
     }
    },
    "ActivationPReLU": {
     "fields": {
      "alpha": {
       "type": "WeightParams",
       "id": 1
      }
     }
    },
    "ActivationParametricSoftplus": {
     "fields": {
      "alpha": {
       "type": "WeightParams",
       "id": 1
      },
      "beta": {
       "type": "WeightParams",
       "id": 2
      }
     }
    },
    "ActivationParams": {
     "oneofs": {
      "NonlinearityType": {
       "oneof": [
        "linear",
        "ReLU",
        "leakyReLU",
        "thresholdedReLU",
        "PReLU",
        "tanh",
        "scaledTanh",
        "sigmoid",
        "sigmoidHard",
        "ELU",
        "softsign",
        "softplus",
        "parametricSoftplus"
       ]
      }
     },
     "fields": {
      "linear": {
       "type": "AlphaBetaParams",
       "id": 5
      },
      "ReLU": {
       "type": "NoParams",
       "id": 10
      },
      "leakyReLU": {
       "type": "AlphaParams",
       "id": 15
      },
      "thresholdedReLU": {
       "type": "AlphaParams",
       "id": 20
      },
      "PReLU": {
       "type": "ActivationPReLU",
       "id": 25
      },
      "tanh": {
       "type": "NoParams",
       "id": 30
      },
      "scaledTanh": {
       "type": "AlphaBetaParams",
       "id": 31
      },
      "sigmoid": {
       "type": "NoParams",
       "id": 40
      },
      "sigmoidHard": {
       "type": "AlphaBetaParams",
       "id": 41
      },
      "ELU": {
       "type": "AlphaParams",
       "id": 50
      },
      "softsign": {
       "type": "NoParams",
       "id": 60
      },
      "softplus": {
       "type": "NoParams",
       "id": 70
      },
      "parametricSoftplus": {
       "type": "ActivationParametricSoftplus",
       "id": 71
      }
     }
    },
    "UnaryFunctionLayerParams": {
     "fields": {
      "type": {
       "type": "Operation",
       "id": 1
      },
      "alpha": {
       "type": "float",
       "id": 2
      },
      "epsilon": {
       "type": "float",
       "id": 3
      },
      "shift": {
       "type": "float",
       "id": 4
      },
      "scale": {
       "type": "float",
       "id": 5
      }
     },
     "nested": {
      "Operation": {
       "values": {
        "SQRT": 0,
        "RSQRT": 1,
        "INVERSE": 2,
        "POWER": 3,
        "EXP": 4,
        "LOG": 5,
        "ABS": 6,
        "THRESHOLD": 7
       }
      }
     }
    },
    "GeluLayerParams": {
     "fields": {
      "mode": {
       "type": "GeluMode",
       "id": 1
      }
     },
     "nested": {
      "GeluMode": {
       "values": {
        "EXACT": 0,
        "TANH_APPROXIMATION": 1,
        "SIGMOID_APPROXIMATION": 2
       }
      }
     }
    },
    "ClipLayerParams": {
     "fields": {
      "minVal": {
       "type": "float",
       "id": 1
      },
      "maxVal": {
       "type": "float",
       "id": 2
      }
     }
    },
    "ConvolutionLayerParams": {
     "oneofs": {
      "ConvolutionPaddingType": {
       "oneof": [
        "valid",
        "same"
       ]
      }
     },
     "fields": {
      "outputChannels": {
       "type": "uint64",
       "id": 1
      },
      "kernelChannels": {
       "type": "uint64",
       "id": 2
      },
      "nGroups": {
       "type": "uint64",
       "id": 10
      },
      "kernelSize": {
       "rule": "repeated",
       "type": "uint64",
       "id": 20
      },
      "stride": {
       "rule": "repeated",
       "type": "uint64",
       "id": 30
      },
      "dilationFactor": {
       "rule": "repeated",
       "type": "uint64",
       "id": 40
      },
      "valid": {
       "type": "ValidPadding",
       "id": 50
      },
      "same": {
       "type": "SamePadding",
       "id": 51
      },
      "isDeconvolution": {
       "type": "bool",
       "id": 60
      },
      "hasBias": {
       "type": "bool",
       "id": 70
      },
      "weights": {
       "type": "WeightParams",
       "id": 90
      },
      "bias": {
       "type": "WeightParams",
       "id": 91
      },
      "outputShape": {
       "rule": "repeated",
       "type": "uint64",
       "id": 100
      }
     }
    },
    "Convolution3DLayerParams": {
     "fields": {
      "outputChannels": {
       "type": "int32",
       "id": 1
      },
      "inputChannels": {
       "type": "int32",
       "id": 2
      },
      "nGroups": {
       "type": "int32",
       "id": 10
      },
      "kernelDepth": {
       "type": "int32",
       "id": 20
      },
      "kernelHeight": {
       "type": "int32",
       "id": 21
      },
      "kernelWidth": {
       "type": "int32",
       "id": 22
      },
      "strideDepth": {
       "type": "int32",
       "id": 31
      },
      "strideHeight": {
       "type": "int32",
       "id": 32
      },
      "strideWidth": {
       "type": "int32",
       "id": 33
      },
      "dilationDepth": {
       "type": "int32",
       "id": 40
      },
      "dilationHeight": {
       "type": "int32",
       "id": 41
      },
      "dilationWidth": {
       "type": "int32",
       "id": 42
      },
      "hasBias": {
       "type": "bool",
       "id": 50
      },
      "weights": {
       "type": "WeightParams",
       "id": 60
      },
      "bias": {
       "type": "WeightParams",
       "id": 61
      },
      "paddingType": {
       "type": "PaddingType",
       "id": 70
      },
      "customPaddingFront": {
       "type": "int32",
       "id": 80
      },
      "customPaddingBack": {
       "type": "int32",
       "id": 81
      },
      "customPaddingTop": {
       "type": "int32",
       "id": 82
      },
      "customPaddingBottom": {
       "type": "int32",
       "id": 83
      },
      "customPaddingLeft": {
       "type": "int32",
       "id": 84
      },
      "customPaddingRight": {
       "type": "int32",
       "id": 85
      },
      "isDeconvolution": {
       "type": "bool",
       "id": 86
      },
      "outputShape": {
       "rule": "repeated",
       "type": "uint64",
       "id": 87
      }
     },
     "nested": {
      "PaddingType": {
       "values": {
        "CUSTOM": 0,
        "VALID": 1,
        "SAME": 2
       }
      }
     }
    },
    "PoolingLayerParams": {
     "oneofs": {
      "PoolingPaddingType": {
       "oneof": [
        "valid",
        "same",
        "includeLastPixel"
       ]
      }
     },
     "fields": {
      "type": {
       "type": "PoolingType",
       "id": 1
      },
      "kernelSize": {
       "rule": "repeated",
       "type": "uint64",
       "id": 10
      },
      "stride": {
       "rule": "repeated",
       "type": "uint64",
       "id": 20
      },
      "valid": {
       "type": "ValidPadding",
       "id": 30
      },
      "same": {
       "type": "SamePadding",
       "id": 31
      },
      "includeLastPixel": {
       "type": "ValidCompletePadding",
       "id": 32
      },
      "avgPoolExcludePadding": {
       "type": "bool",
       "id": 50
      },
      "globalPooling": {
       "type": "bool",
       "id": 60
      }
     },
     "nested": {
      "PoolingType": {
       "values": {
        "MAX": 0,
        "AVERAGE": 1,
        "L2": 2
       }
      },
      "ValidCompletePadding": {
       "fields": {
        "paddingAmounts": {
         "rule": "repeated",
         "type": "uint64",
         "id": 10
        }
       }
      }
     }
    },
    "Pooling3DLayerParams": {
     "fields": {
      "type": {
       "type": "PoolingType3D",
       "id": 1
      },
      "kernelDepth": {
       "type": "int32",
       "id": 2
      },
      "kernelHeight": {
       "type": "int32",
       "id": 3
      },
      "kernelWidth": {
       "type": "int32",
       "id": 4
      },
      "strideDepth": {
       "type": "int32",
       "id": 5
      },
      "strideHeight": {
       "type": "int32",
       "id": 6
      },
      "strideWidth": {
       "type": "int32",
       "id": 7
      },
      "customPaddingFront": {
       "type": "int32",
       "id": 8
      },
      "customPaddingBack": {
       "type": "int32",
       "id": 9
      },
      "customPaddingTop": {
       "type": "int32",
       "id": 10
      },
      "customPaddingBottom": {
       "type": "int32",
       "id": 11
      },
      "customPaddingLeft": {
       "type": "int32",
       "id": 12
      },
      "customPaddingRight": {
       "type": "int32",
       "id": 13
      },
      "countExcludePadding": {
       "type": "bool",
       "id": 14
      },
      "paddingType": {
       "type": "Pooling3DPaddingType",
       "id": 15
      }
     },
     "nested": {
      "PoolingType3D": {
       "values": {
        "MAX": 0,
        "AVERAGE": 1
       }
      },
      "Pooling3DPaddingType": {
       "values": {
        "CUSTOM": 0,
        "VALID": 1,
        "SAME": 2
       }
      }
     }
    },
    "GlobalPooling3DLayerParams": {
     "fields": {
      "type": {
       "type": "GlobalPoolingType3D",
       "id": 1
      }
     },
     "nested": {
      "GlobalPoolingType3D": {
       "values": {
        "MAX": 0,
        "AVERAGE": 1
       }
      }
     }
    },
    "InnerProductLayerParams": {
     "fields": {
      "inputChannels": {
       "type": "uint64",
       "id": 1
      },
      "outputChannels": {
       "type": "uint64",
       "id": 2
      },
      "hasBias": {
       "type": "bool",
       "id": 10
      },
      "weights": {
       "type": "WeightParams",
       "id": 20
      },
      "bias": {
       "type": "WeightParams",
       "id": 21
      },
      "int8DynamicQuantize": {
       "type": "bool",
       "id": 22
      }
     }
    },
    "BatchedMatMulLayerParams": {
     "fields": {
      "transposeA": {
       "type": "bool",
       "id": 1
      },
      "transposeB": {
       "type": "bool",
       "id": 2
      },
      "weightMatrixFirstDimension": {
       "type": "uint64",
       "id": 5
      },
      "weightMatrixSecondDimension": {
       "type": "uint64",
       "id": 6
      },
      "hasBias": {
       "type": "bool",
       "id": 7
      },
      "weights": {
       "type": "WeightParams",
       "id": 8
      },
      "bias": {
       "type": "WeightParams",
       "id": 9
      },
      "int8DynamicQuantize": {
       "type": "bool",
       "id": 10
      }
     }
    },
    "EmbeddingLayerParams": {
     "fields": {
      "inputDim": {
       "type": "uint64",
       "id": 1
      },
      "outputChannels": {
       "type": "uint64",
       "id": 2
      },
      "hasBias": {
       "type": "bool",
       "id": 10
      },
      "weights": {
       "type": "WeightParams",
       "id": 20
      },
      "bias": {
       "type": "WeightParams",
       "id": 21
      }
     }
    },
    "EmbeddingNDLayerParams": {
     "fields": {
      "vocabSize": {
       "type": "uint64",
       "id": 1
      },
      "embeddingSize": {
       "type": "uint64",
       "id": 2
      },
      "hasBias": {
       "type": "bool",
       "id": 3
      },
      "weights": {
       "type": "WeightParams",
       "id": 20
      },
      "bias": {
       "type": "WeightParams",
       "id": 21
      }
     }
    },
    "BatchnormLayerParams": {
     "fields": {
      "channels": {
       "type": "uint64",
       "id": 1
      },
      "computeMeanVar": {
       "type": "bool",
       "id": 5
      },
      "instanceNormalization": {
       "type": "bool",
       "id": 6
      },
      "epsilon": {
       "type": "float",
       "id": 10
      },
      "gamma": {
       "type": "WeightParams",
       "id": 15
      },
      "beta": {
       "type": "WeightParams",
       "id": 16
      },
      "mean": {
       "type": "WeightParams",
       "id": 17
      },
      "variance": {
       "type": "WeightParams",
       "id": 18
      }
     }
    },
    "MeanVarianceNormalizeLayerParams": {
     "fields": {
      "acrossChannels": {
       "type": "bool",
       "id": 1
      },
      "normalizeVariance": {
       "type": "bool",
       "id": 2
      },
      "epsilon": {
       "type": "float",
       "id": 3
      }
     }
    },
    "L2NormalizeLayerParams": {
     "fields": {
      "epsilon": {
       "type": "float",
       "id": 1
      }
     }
    },
    "LayerNormalizationLayerParams": {
     "fields": {
      "normalizedShape": {
       "rule": "repeated",
       "type": "int64",
       "id": 1
      },
      "eps": {
       "type": "float",
       "id": 2
      },
      "gamma": {
       "type": "WeightParams",
       "id": 3
      },
      "beta": {
       "type": "WeightParams",
       "id": 4
      }
     }
    },
    "LRNLayerParams": {
     "fields": {
      "alpha": {
       "type": "float",
       "id": 1
      },
      "beta": {
       "type": "float",
       "id": 2
      },
      "localSize": {
       "type": "uint64",
       "id": 3
      },
      "k": {
       "type": "float",
       "id": 4
      }
     }
    },
    "ScaleLayerParams": {
     "fields": {
      "shapeScale": {
       "rule": "repeated",
       "type": "uint64",
       "id": 1
      },
      "scale": {
       "type": "WeightParams",
       "id": 2
      },
      "hasBias": {
       "type": "bool",
       "id": 3
      },
      "shapeBias": {
       "rule": "repeated",
       "type": "uint64",
       "id": 4
      },
      "bias": {
       "type": "WeightParams",
       "id": 5
      }
     }
    },
    "BiasLayerParams": {
     "fields": {
      "shape": {
       "rule": "repeated",
       "type": "uint64",
       "id": 1
      },
      "bias": {
       "type": "WeightParams",
       "id": 2
      }
     }
    },
    "CropLayerParams": {
     "fields": {
      "cropAmounts": {
       "type": "BorderAmounts",
       "id": 1
      },
      "offset": {
       "rule": "repeated",
       "type": "uint64",
       "id": 5
      }
     }
    },
    "PaddingLayerParams": {
     "oneofs": {
      "PaddingType": {
       "oneof": [
        "constant",
        "reflection",
        "replication"
       ]
      }
     },
     "fields": {
      "constant": {
       "type": "PaddingConstant",
       "id": 1
      },
      "reflection": {
       "type": "NoParams",
       "id": 2
      },
      "replication": {
       "type": "NoParams",
       "id": 3
      },
      "paddingAmounts": {
       "type": "BorderAmounts",
       "id": 10
      }
     },
     "nested": {
      "PaddingConstant": {
       "fields": {
        "value": {
         "type": "float",
         "id": 1
        }
       }
      }
     }
    },
    "ConstantPaddingLayerParams": {
     "fields": {
      "value": {
       "type": "float",
       "id": 1
      },
      "padAmounts": {
       "rule": "repeated",
       "type": "uint64",
       "id": 2
      },
      "padToGivenOutputSizeMode": {
       "type": "bool",
       "id": 3
      }
     }
    },
    "UpsampleLayerParams": {
     "fields": {
      "scalingFactor": {
       "rule": "repeated",
       "type": "uint64",
       "id": 1
      },
      "mode": {
       "type": "InterpolationMode",
       "id": 5
      },
      "linearUpsampleMode": {
       "type": "LinearUpsampleMode",
       "id": 6
      },
      "fractionalScalingFactor": {
       "rule": "repeated",
       "type": "float",
       "id": 7
      }
     },
     "nested": {
      "InterpolationMode": {
       "values": {
        "NN": 0,
        "BILINEAR": 1
       }
      },
      "LinearUpsampleMode": {
       "values": {
        "DEFAULT": 0,
        "ALIGN_CORNERS_TRUE": 1,
        "ALIGN_CORNERS_FALSE": 2
       }
      }
     }
    },
    "ResizeBilinearLayerParams": {
     "fields": {
      "targetSize": {
       "rule": "repeated",
       "type": "uint64",
       "id": 1
      },
      "mode": {
       "type": "SamplingMode",
       "id": 2
      }
     }
    },
    "CropResizeLayerParams": {
     "fields": {
      "targetSize": {
       "rule": "repeated",
       "type": "uint64",
       "id": 1
      },
      "normalizedCoordinates": {
       "type": "bool",
       "id": 2
      },
      "mode": {
       "type": "SamplingMode",
       "id": 3
      },
      "boxIndicesMode": {
       "type": "BoxCoordinatesMode",
       "id": 4
      },
      "spatialScale": {
       "type": "float",
       "id": 5
      }
     }
    },
    "DotProductLayerParams": {
     "fields": {
      "cosineSimilarity": {
       "type": "bool",
       "id": 1
      }
     }
    },
    "ReduceLayerParams": {
     "fields": {
      "mode": {
       "type": "ReduceOperation",
       "id": 1
      },
      "epsilon": {
       "type": "float",
       "id": 2
      },
      "axis": {
       "type": "ReduceAxis",
       "id": 3
      }
     },
     "nested": {
      "ReduceOperation": {
       "values": {
        "SUM": 0,
        "AVG": 1,
        "PROD": 2,
        "LOGSUM": 3,
        "SUMSQUARE": 4,
        "L1": 5,
        "L2": 6,
        "MAX": 7,
        "MIN": 8,
        "ARGMAX": 9
       }
      },
      "ReduceAxis": {
       "values": {
        "CHW": 0,
        "HW": 1,
        "C": 2,
        "H": 3,
        "W": 4
       }
      }
     }
    },
    "TopKLayerParams": {
     "fields": {
      "axis": {
       "type": "int64",
       "id": 1
      },
      "K": {
       "type": "uint64",
       "id": 2
      },
      "useBottomK": {
       "type": "bool",
       "id": 3
      }
     }
    },
    "ArgSortLayerParams": {
     "fields": {
      "axis": {
       "type": "int64",
       "id": 1
      },
      "descending": {
       "type": "bool",
       "id": 2
      }
     }
    },
    "CumSumLayerParams": {
     "fields": {
      "axis": {
       "type": "int64",
       "id": 1
      },
      "excludeFinalSum": {
       "type": "bool",
       "id": 2
      },
      "reverse": {
       "type": "bool",
       "id": 3
      }
     }
    },
    "NonMaximumSuppressionLayerParams": {
     "fields": {
      "iouThreshold": {
       "type": "float",
       "id": 1
      },
      "scoreThreshold": {
       "type": "float",
       "id": 2
      },
      "maxBoxes": {
       "type": "uint64",
       "id": 3
      },
      "perClassSuppression": {
       "type": "bool",
       "id": 4
      }
     }
    },
    "ReshapeLayerParams": {
     "fields": {
      "targetShape": {
       "rule": "repeated",
       "type": "int64",
       "id": 1
      },
      "mode": {
       "type": "ReshapeOrder",
       "id": 2
      }
     },
     "nested": {
      "ReshapeOrder": {
       "values": {
        "CHANNEL_FIRST": 0,
        "CHANNEL_LAST": 1
       }
      }
     }
    },
    "FlattenLayerParams": {
     "fields": {
      "mode": {
       "type": "FlattenOrder",
       "id": 1
      }
     },
     "nested": {
      "FlattenOrder": {
       "values": {
        "CHANNEL_FIRST": 0,
        "CHANNEL_LAST": 1
       }
      }
     }
    },
    "PermuteLayerParams": {
     "fields": {
      "axis": {
       "rule": "repeated",
       "type": "uint64",
       "id": 1
      }
     }
    },
    "TransposeLayerParams": {
     "fields": {
      "axes": {
       "rule": "repeated",
       "type": "uint64",
       "id": 1
      }
     }
    },
    "ConcatLayerParams": {
     "fields": {
      "sequenceConcat": {
       "type": "bool",
       "id": 100
      }
     }
    },
    "ConcatNDLayerParams": {
     "fields": {
      "axis": {
       "type": "int64",
       "id": 1
      },
      "interleave": {
       "type": "bool",
       "id": 2
      }
     }
    },
    "SplitLayerParams": {
     "fields": {
      "nOutputs": {
       "type": "uint64",
       "id": 1
      }
     }
    },
    "SplitNDLayerParams": {
     "fields": {
      "axis": {
       "type": "int64",
       "id": 1
      },
      "numSplits": {
       "type": "uint64",
       "id": 2
      },
      "splitSizes": {
       "rule": "repeated",
       "type": "uint64",
       "id": 3
      }
     }
    },
    "SequenceRepeatLayerParams": {
     "fields": {
      "nRepetitions": {
       "type": "uint64",
       "id": 1
      }
     }
    },
    "TileLayerParams": {
     "fields": {
      "reps": {
       "rule": "repeated",
       "type": "uint64",
       "id": 1
      }
     }
    },
    "BroadcastToStaticLayerParams": {
     "fields": {
      "targetShape": {
       "rule": "repeated",
       "type": "uint64",
       "id": 1
      }
     }
    },
    "SqueezeLayerParams": {
     "fields": {
      "axes": {
       "rule": "repeated",
       "type": "int64",
       "id": 1
      },
      "squeezeAll": {
       "type": "bool",
       "id": 2
      }
     }
    },
    "ReorganizeDataLayerParams": {
     "fields": {
      "mode": {
       "type": "ReorganizationType",
       "id": 1
      },
      "blockSize": {
       "type": "uint64",
       "id": 2
      }
     },
     "nested": {
      "ReorganizationType": {
       "values": {
        "SPACE_TO_DEPTH": 0,
        "DEPTH_TO_SPACE": 1,
        "PIXEL_SHUFFLE": 2
       }
      }
     }
    },
    "SliceLayerParams": {
     "fields": {
      "startIndex": {
       "type": "int64",
       "id": 1
      },
      "endIndex": {
       "type": "int64",
       "id": 2
      },
      "stride": {
       "type": "uint64",
       "id": 3
      },
      "axis": {
       "type": "SliceAxis",
       "id": 4
      }
     },
     "nested": {
      "SliceAxis": {
       "values": {
        "CHANNEL_AXIS": 0,
        "HEIGHT_AXIS": 1,
        "WIDTH_AXIS": 2
       }
      }
     }
    },
    "SliceStaticLayerParams": {
     "fields": {
      "beginIds": {
       "rule": "repeated",
       "type": "int64",
       "id": 1
      },
      "beginMasks": {
       "rule": "repeated",
       "type": "bool",
       "id": 2
      },
      "endIds": {
       "rule": "repeated",
       "type": "int64",
       "id": 3
      },
      "endMasks": {
       "rule": "repeated",
       "type": "bool",
       "id": 4
      },
      "strides": {
       "rule": "repeated",
       "type": "int64",
       "id": 5
      },
      "squeezeMasks": {
       "rule": "repeated",
       "type": "bool",
       "id": 6
      }
     }
    },
    "SliceDynamicLayerParams": {
     "fields": {
      "beginMasks": {
       "rule": "repeated",
       "type": "bool",
       "id": 2
      },
      "endIds": {
       "rule": "repeated",
       "type": "int64",
       "id": 3
      },
      "endMasks": {
       "rule": "repeated",
       "type": "bool",
       "id": 4
      },
      "strides": {
       "rule": "repeated",
       "type": "int64",
       "id": 5
      },
      "squeezeMasks": {
       "rule": "repeated",
       "type": "bool",
       "id": 6
      }
     }
    },
    "SliceBySizeLayerParams": {
     "fields": {
      "size": {
       "type": "int64",
       "id": 2
      },
      "axis": {
       "type": "int64",
       "id": 3
      }
     }
    },
    "SlidingWindowsLayerParams": {
     "fields": {
      "axis": {
       "type": "int64",
       "id": 1
      },
      "windowSize": {
       "type": "uint64",
       "id": 2
      },
      "step": {
       "type": "uint64",
       "id": 3
      }
     }
    },
    "ReverseLayerParams": {
     "fields": {
      "reverseDim": {
       "rule": "repeated",
       "type": "bool",
       "id": 1
      }
     }
    },
    "ReverseSeqLayerParams": {
     "fields": {
      "batchAxis": {
       "type": "int64",
       "id": 1
      },
      "sequenceAxis": {
       "type": "int64",
       "id": 2
      }
     }
    },
    "ScatterNDLayerParams": {
     "fields": {
      "mode": {
       "type": "ScatterMode",
       "id": 1
      }
     }
    },
    "MatrixBandPartLayerParams": {
     "fields": {
      "numLower": {
       "type": "int64",
       "id": 1
      },
      "numUpper": {
       "type": "int64",
       "id": 2
      }
     }
    },
    "OneHotLayerParams": {
     "fields": {
      "oneHotVectorSize": {
       "type": "uint64",
       "id": 1
      },
      "axis": {
       "type": "int64",
       "id": 2
      },
      "onValue": {
       "type": "float",
       "id": 3
      },
      "offValue": {
       "type": "float",
       "id": 4
      }
     }
    },
    "FillStaticLayerParams": {
     "fields": {
      "value": {
       "type": "float",
       "id": 1
      },
      "targetShape": {
       "rule": "repeated",
       "type": "uint64",
       "id": 2
      }
     }
    },
    "RangeStaticLayerParams": {
     "fields": {
      "endValue": {
       "type": "float",
       "id": 1
      },
      "startValue": {
       "type": "float",
       "id": 2
      },
      "stepSizeValue": {
       "type": "float",
       "id": 3
      }
     }
    },
    "RangeDynamicLayerParams": {
     "fields": {
      "startValue": {
       "type": "float",
       "id": 2
      },
      "stepSizeValue": {
       "type": "float",
       "id": 3
      }
     }
    },
    "RandomNormalStaticLayerParams": {
     "fields": {
      "seed": {
       "type": "int64",
       "id": 1
      },
      "mean": {
       "type": "float",
       "id": 2
      },
      "stdDev": {
       "type": "float",
       "id": 3
      },
      "outputShape": {
       "rule": "repeated",
       "type": "uint64",
       "id": 4
      }
     }
    },
    "RandomUniformStaticLayerParams": {
     "fields": {
      "seed": {
       "type": "int64",
       "id": 1
      },
      "minVal": {
       "type": "float",
       "id": 2
      },
      "maxVal": {
       "type": "float",
       "id": 3
      },
      "outputShape": {
       "rule": "repeated",
       "type": "uint64",
       "id": 4
      }
     }
    },
    "RandomBernoulliStaticLayerParams": {
     "fields": {
      "seed": {
       "type": "int64",
       "id": 1
      },
      "prob": {
       "type": "float",
       "id": 2
      },
      "outputShape": {
       "rule": "repeated",
       "type": "uint64",
       "id": 3
      }
     }
    },
    "CategoricalDistributionLayerParams": {
     "fields": {
      "seed": {
       "type": "int64",
       "id": 1
      },
      "numSamples": {
       "type": "int64",
       "id": 2
      },
      "isLogits": {
       "type": "bool",
       "id": 3
      },
      "eps": {
       "type": "float",
       "id": 4
      },
      "temperature": {
       "type": "float",
       "id": 5
      }
     }
    },
    "SimpleRecurrentLayerParams": {
     "fields": {
      "inputVectorSize": {
       "type": "uint64",
       "id": 1
      },
      "outputVectorSize": {
       "type": "uint64",
       "id": 2
      },
      "activation": {
       "type": "ActivationParams",
       "id": 10
      },
      "sequenceOutput": {
       "type": "bool",
       "id": 15
      },
      "hasBiasVector": {
       "type": "bool",
       "id": 20
      },
      "weightMatrix": {
       "type": "WeightParams",
       "id": 30
      },
      "recursionMatrix": {
       "type": "WeightParams",
       "id": 31
      },
      "biasVector": {
       "type": "WeightParams",
       "id": 32
      },
      "reverseInput": {
       "type": "bool",
       "id": 100
      }
     }
    },
    "GRULayerParams": {
     "fields": {
      "inputVectorSize": {
       "type": "uint64",
       "id": 1
      },
      "outputVectorSize": {
       "type": "uint64",
       "id": 2
      },
      "activations": {
       "rule": "repeated",
       "type": "ActivationParams",
       "id": 10
      },
      "sequenceOutput": {
       "type": "bool",
       "id": 15
      },
      "hasBiasVectors": {
       "type": "bool",
       "id": 20
      },
      "updateGateWeightMatrix": {
       "type": "WeightParams",
       "id": 30
      },
      "resetGateWeightMatrix": {
       "type": "WeightParams",
       "id": 31
      },
      "outputGateWeightMatrix": {
       "type": "WeightParams",
       "id": 32
      },
      "updateGateRecursionMatrix": {
       "type": "WeightParams",
       "id": 50
      },
      "resetGateRecursionMatrix": {
       "type": "WeightParams",
       "id": 51
      },
      "outputGateRecursionMatrix": {
       "type": "WeightParams",
       "id": 52
      },
      "updateGateBiasVector": {
       "type": "WeightParams",
       "id": 70
      },
      "resetGateBiasVector": {
       "type": "WeightParams",
       "id": 71
      },
      "outputGateBiasVector": {
       "type": "WeightParams",
       "id": 72
      },
      "reverseInput": {
       "type": "bool",
       "id": 100
      }
     }
    },
    "LSTMParams": {
     "fields": {
      "sequenceOutput": {
       "type": "bool",
       "id": 10
      },
      "hasBiasVectors": {
       "type": "bool",
       "id": 20
      },
      "forgetBias": {
       "type": "bool",
       "id": 30
      },
      "hasPeepholeVectors": {
       "type": "bool",
       "id": 40
      },
      "coupledInputAndForgetGate": {
       "type": "bool",
       "id": 50
      },
      "cellClipThreshold": {
       "type": "float",
       "id": 60
      }
     }
    },
    "LSTMWeightParams": {
     "fields": {
      "inputGateWeightMatrix": {
       "type": "WeightParams",
       "id": 1
      },
      "forgetGateWeightMatrix": {
       "type": "WeightParams",
       "id": 2
      },
      "blockInputWeightMatrix": {
       "type": "WeightParams",
       "id": 3
      },
      "outputGateWeightMatrix": {
       "type": "WeightParams",
       "id": 4
      },
      "inputGateRecursionMatrix": {
       "type": "WeightParams",
       "id": 20
      },
      "forgetGateRecursionMatrix": {
       "type": "WeightParams",
       "id": 21
      },
      "blockInputRecursionMatrix": {
       "type": "WeightParams",
       "id": 22
      },
      "outputGateRecursionMatrix": {
       "type": "WeightParams",
       "id": 23
      },
      "inputGateBiasVector": {
       "type": "WeightParams",
       "id": 40
      },
      "forgetGateBiasVector": {
       "type": "WeightParams",
       "id": 41
      },
      "blockInputBiasVector": {
       "type": "WeightParams",
       "id": 42
      },
      "outputGateBiasVector": {
       "type": "WeightParams",
       "id": 43
      },
      "inputGatePeepholeVector": {
       "type": "WeightParams",
       "id": 60
      },
      "forgetGatePeepholeVector": {
       "type": "WeightParams",
       "id": 61
      },
      "outputGatePeepholeVector": {
       "type": "WeightParams",
       "id": 62
      }
     }
    },
    "UniDirectionalLSTMLayerParams": {
     "fields": {
      "inputVectorSize": {
       "type": "uint64",
       "id": 1
      },
      "outputVectorSize": {
       "type": "uint64",
       "id": 2
      },
      "activations": {
       "rule": "repeated",
       "type": "ActivationParams",
       "id": 10
      },
      "params": {
       "type": "LSTMParams",
       "id": 15
      },
      "weightParams": {
       "type": "LSTMWeightParams",
       "id": 20
      },
      "reverseInput": {
       "type": "bool",
       "id": 100
      }
     }
    },
    "BiDirectionalLSTMLayerParams": {
     "fields": {
      "inputVectorSize": {
       "type": "uint64",
       "id": 1
      },
      "outputVectorSize": {
       "type": "uint64",
       "id": 2
      },
      "activationsForwardLSTM": {
       "rule": "repeated",
       "type": "ActivationParams",
       "id": 10
      },
      "activationsBackwardLSTM": {
       "rule": "repeated",
       "type": "ActivationParams",
       "id": 11
      },
      "params": {
       "type": "LSTMParams",
       "id": 15
      },
      "weightParams": {
       "rule": "repeated",
       "type": "LSTMWeightParams",
       "id": 20
      }
     }
    },
    "BranchLayerParams": {
     "fields": {
      "ifBranch": {
       "type": "NeuralNetwork",
       "id": 1
      },
      "elseBranch": {
       "type": "NeuralNetwork",
       "id": 2
      }
     }
    },
    "LoopLayerParams": {
     "fields": {
      "maxLoopIterations": {
       "type": "uint64",
       "id": 1
      },
      "conditionVar": {
       "type": "string",
       "id": 2
      },
      "conditionNetwork": {
       "type": "NeuralNetwork",
       "id": 3
      },
      "bodyNetwork": {
       "type": "NeuralNetwork",
       "id": 4
      }
     }
    },
    "CustomLayerParams": {
     "fields": {
      "className": {
       "type": "string",
       "id": 10
      },
      "weights": {
       "rule": "repeated",
       "type": "WeightParams",
       "id": 20
      },
      "parameters": {
       "keyType": "string",
       "type": "CustomLayerParamValue",
       "id": 30
      },
      "description": {
       "type": "string",
       "id": 40
      }
     },
     "nested": {
      "CustomLayerParamValue": {
       "oneofs": {
        "value": {
         "oneof": [
          "doubleValue",
          "stringValue",
          "intValue",
          "longValue",
          "boolValue"
         ]
        }
       },
       "fields": {
        "doubleValue": {
         "type": "double",
         "id": 10
        },
        "stringValue": {
         "type": "string",
         "id": 20
        },
        "intValue": {
         "type": "int32",
         "id": 30
        },
        "longValue": {
         "type": "int64",
         "id": 40
        },
        "boolValue": {
         "type": "bool",
         "id": 50
        }
       }
      }
     }
    }
   }
  }
 }
}
