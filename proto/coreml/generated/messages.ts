// Generated from model.proto and what it imports by proto/coreml/generate.mjs; not to be edited.

/** A 64-bit integer as protobufjs gives it. */
export type Int64 = number | { toNumber(): number }

/** What every decoded message has: fields that its type does not know, as they stand in the file, tag included. */
export interface Message {
  $unknowns?: Uint8Array[]
}

export interface Pipeline extends Message {
  models: Model[]
  names: string[]
}

export interface PipelineClassifier extends Message {
  pipeline: Pipeline | null
}

export interface PipelineRegressor extends Message {
  pipeline: Pipeline | null
}

export interface FeatureDescription extends Message {
  name: string
  shortDescription: string
  type: FeatureType | null
}

export interface Metadata extends Message {
  shortDescription: string
  versionString: string
  author: string
  license: string
  userDefined: { [key: string]: string }
}

export interface FunctionDescription extends Message {
  name: string
  input: FeatureDescription[]
  output: FeatureDescription[]
  predictedFeatureName: string
  predictedProbabilitiesName: string
  state: FeatureDescription[]
}

export interface ModelDescription extends Message {
  input: FeatureDescription[]
  output: FeatureDescription[]
  predictedFeatureName: string
  predictedProbabilitiesName: string
  state: FeatureDescription[]
  functions: FunctionDescription[]
  defaultFunctionName: string
  trainingInput: FeatureDescription[]
  metadata: Metadata | null
}

export interface SerializedModel extends Message {
  identifier: string
  model: Uint8Array
}

export interface NonMaximumSuppression extends Message {
  pickTop: NonMaximumSuppression_PickTop | null
  stringClassLabels: StringVector | null
  int64ClassLabels: Int64Vector | null
  iouThreshold: number
  confidenceThreshold: number
  confidenceInputFeatureName: string
  coordinatesInputFeatureName: string
  iouThresholdInputFeatureName: string
  confidenceThresholdInputFeatureName: string
  confidenceOutputFeatureName: string
  coordinatesOutputFeatureName: string
  SuppressionMethod?: 'pickTop'
  ClassLabels?: 'stringClassLabels' | 'int64ClassLabels'
}

export interface NonMaximumSuppression_PickTop extends Message {
  perClass: boolean
}

export interface OtherModel extends Message {

}

export interface Model extends Message {
  specificationVersion: number
  description: ModelDescription | null
  isUpdatable: boolean
  pipelineClassifier: PipelineClassifier | null
  pipelineRegressor: PipelineRegressor | null
  pipeline: Pipeline | null
  glmRegressor: OtherModel | null
  supportVectorRegressor: OtherModel | null
  treeEnsembleRegressor: OtherModel | null
  neuralNetworkRegressor: NeuralNetwork | null
  bayesianProbitRegressor: OtherModel | null
  glmClassifier: OtherModel | null
  supportVectorClassifier: OtherModel | null
  treeEnsembleClassifier: OtherModel | null
  neuralNetworkClassifier: NeuralNetwork | null
  kNearestNeighborsClassifier: OtherModel | null
  neuralNetwork: NeuralNetwork | null
  itemSimilarityRecommender: OtherModel | null
  mlProgram: MIL_Program | null
  customModel: OtherModel | null
  linkedModel: OtherModel | null
  classConfidenceThresholding: OtherModel | null
  oneHotEncoder: OtherModel | null
  imputer: OtherModel | null
  featureVectorizer: OtherModel | null
  dictVectorizer: OtherModel | null
  scaler: OtherModel | null
  categoricalMapping: OtherModel | null
  normalizer: OtherModel | null
  arrayFeatureExtractor: OtherModel | null
  nonMaximumSuppression: NonMaximumSuppression | null
  identity: OtherModel | null
  textClassifier: OtherModel | null
  wordTagger: OtherModel | null
  visionFeaturePrint: OtherModel | null
  soundAnalysisPreprocessing: OtherModel | null
  gazetteer: OtherModel | null
  wordEmbedding: OtherModel | null
  audioFeaturePrint: OtherModel | null
  serializedModel: SerializedModel | null
  Type?: 'pipelineClassifier' | 'pipelineRegressor' | 'pipeline' | 'glmRegressor' | 'supportVectorRegressor' | 'treeEnsembleRegressor' | 'neuralNetworkRegressor' | 'bayesianProbitRegressor' | 'glmClassifier' | 'supportVectorClassifier' | 'treeEnsembleClassifier' | 'neuralNetworkClassifier' | 'kNearestNeighborsClassifier' | 'neuralNetwork' | 'itemSimilarityRecommender' | 'mlProgram' | 'customModel' | 'linkedModel' | 'classConfidenceThresholding' | 'oneHotEncoder' | 'imputer' | 'featureVectorizer' | 'dictVectorizer' | 'scaler' | 'categoricalMapping' | 'normalizer' | 'arrayFeatureExtractor' | 'nonMaximumSuppression' | 'identity' | 'textClassifier' | 'wordTagger' | 'visionFeaturePrint' | 'soundAnalysisPreprocessing' | 'gazetteer' | 'wordEmbedding' | 'audioFeaturePrint' | 'serializedModel'
}

export interface SizeRange extends Message {
  lowerBound: Int64
  upperBound: Int64
}

export interface ImageFeatureType extends Message {
  width: Int64
  height: Int64
  colorSpace: number
  enumeratedSizes: ImageFeatureType_EnumeratedImageSizes | null
  imageSizeRange: ImageFeatureType_ImageSizeRange | null
  SizeFlexibility?: 'enumeratedSizes' | 'imageSizeRange'
}

export interface ImageFeatureType_ImageSize extends Message {
  width: Int64
  height: Int64
}

export interface ImageFeatureType_EnumeratedImageSizes extends Message {
  sizes: ImageFeatureType_ImageSize[]
}

export interface ImageFeatureType_ImageSizeRange extends Message {
  widthRange: SizeRange | null
  heightRange: SizeRange | null
}

export interface ArrayFeatureType extends Message {
  shape: Int64[]
  dataType: number
  enumeratedShapes: ArrayFeatureType_EnumeratedShapes | null
  shapeRange: ArrayFeatureType_ShapeRange | null
  intDefaultValue: number
  floatDefaultValue: number
  doubleDefaultValue: number
  ShapeFlexibility?: 'enumeratedShapes' | 'shapeRange'
  defaultOptionalValue?: 'intDefaultValue' | 'floatDefaultValue' | 'doubleDefaultValue'
}

export interface ArrayFeatureType_Shape extends Message {
  shape: Int64[]
}

export interface ArrayFeatureType_EnumeratedShapes extends Message {
  shapes: ArrayFeatureType_Shape[]
}

export interface ArrayFeatureType_ShapeRange extends Message {
  sizeRanges: SizeRange[]
}

export interface Unit extends Message {

}

export interface DictionaryFeatureType extends Message {
  int64KeyType: Unit | null
  stringKeyType: Unit | null
  KeyType?: 'int64KeyType' | 'stringKeyType'
}

export interface SequenceFeatureType extends Message {
  int64Type: Unit | null
  stringType: Unit | null
  sizeRange: SizeRange | null
  Type?: 'int64Type' | 'stringType'
}

export interface StateFeatureType extends Message {
  arrayType: ArrayFeatureType | null
  Type?: 'arrayType'
}

export interface FeatureType extends Message {
  int64Type: Unit | null
  doubleType: Unit | null
  stringType: Unit | null
  imageType: ImageFeatureType | null
  multiArrayType: ArrayFeatureType | null
  dictionaryType: DictionaryFeatureType | null
  sequenceType: SequenceFeatureType | null
  stateType: StateFeatureType | null
  isOptional: boolean
  Type?: 'int64Type' | 'doubleType' | 'stringType' | 'imageType' | 'multiArrayType' | 'dictionaryType' | 'sequenceType' | 'stateType'
}

export interface MIL_Program extends Message {
  version: Int64
  functions: { [key: string]: MIL_Function }
  docString: string
  attributes: { [key: string]: MIL_Value }
}

export interface MIL_Function extends Message {
  inputs: MIL_NamedValueType[]
  opset: string
  block_specializations: { [key: string]: MIL_Block }
  attributes: { [key: string]: MIL_Value }
}

export interface MIL_Block extends Message {
  inputs: MIL_NamedValueType[]
  outputs: string[]
  operations: MIL_Operation[]
  attributes: { [key: string]: MIL_Value }
}

export interface MIL_Argument extends Message {
  arguments: MIL_Argument_Binding[]
}

export interface MIL_Argument_Binding extends Message {
  name: string
  value: MIL_Value | null
  binding?: 'name' | 'value'
}

export interface MIL_Operation extends Message {
  type: string
  inputs: { [key: string]: MIL_Argument }
  outputs: MIL_NamedValueType[]
  blocks: MIL_Block[]
  attributes: { [key: string]: MIL_Value }
}

export interface MIL_NamedValueType extends Message {
  name: string
  type: MIL_ValueType | null
}

export interface MIL_ValueType extends Message {
  tensorType: MIL_TensorType | null
  listType: MIL_ListType | null
  tupleType: MIL_TupleType | null
  dictionaryType: MIL_DictionaryType | null
  stateType: MIL_StateType | null
  type?: 'tensorType' | 'listType' | 'tupleType' | 'dictionaryType' | 'stateType'
}

export interface MIL_TensorType extends Message {
  dataType: number
  rank: Int64
  dimensions: MIL_Dimension[]
  attributes: { [key: string]: MIL_Value }
}

export interface MIL_TupleType extends Message {
  types: MIL_ValueType[]
}

export interface MIL_ListType extends Message {
  type: MIL_ValueType | null
  length: MIL_Dimension | null
}

export interface MIL_DictionaryType extends Message {
  keyType: MIL_ValueType | null
  valueType: MIL_ValueType | null
}

export interface MIL_StateType extends Message {
  wrappedType: MIL_ValueType | null
}

export interface MIL_Dimension extends Message {
  constant: MIL_Dimension_ConstantDimension | null
  unknown: MIL_Dimension_UnknownDimension | null
  dimension?: 'constant' | 'unknown'
}

export interface MIL_Dimension_ConstantDimension extends Message {
  size: Int64
}

export interface MIL_Dimension_UnknownDimension extends Message {
  variadic: boolean
}

export interface MIL_Value extends Message {
  docString: string
  type: MIL_ValueType | null
  immediateValue: MIL_Value_ImmediateValue | null
  blobFileValue: MIL_Value_BlobFileValue | null
  value?: 'immediateValue' | 'blobFileValue'
}

export interface MIL_Value_ImmediateValue extends Message {
  tensor: MIL_TensorValue | null
  tuple: MIL_TupleValue | null
  list: MIL_ListValue | null
  dictionary: MIL_DictionaryValue | null
  value?: 'tensor' | 'tuple' | 'list' | 'dictionary'
}

export interface MIL_Value_BlobFileValue extends Message {
  fileName: string
  offset: Int64
}

export interface MIL_TensorValue extends Message {
  floats: MIL_TensorValue_PackedFloats | null
  ints: MIL_TensorValue_RepeatedInts | null
  bools: MIL_TensorValue_RepeatedBools | null
  strings: MIL_TensorValue_RepeatedStrings | null
  longInts: MIL_TensorValue_RepeatedLongInts | null
  doubles: MIL_TensorValue_PackedDoubles | null
  bytes: MIL_TensorValue_RepeatedBytes | null
  value?: 'floats' | 'ints' | 'bools' | 'strings' | 'longInts' | 'doubles' | 'bytes'
}

export interface MIL_TensorValue_PackedFloats extends Message {
  values: Uint8Array[]
}

export interface MIL_TensorValue_PackedDoubles extends Message {
  values: Uint8Array[]
}

export interface MIL_TensorValue_RepeatedInts extends Message {
  values: number[]
}

export interface MIL_TensorValue_RepeatedLongInts extends Message {
  values: Int64[]
}

export interface MIL_TensorValue_RepeatedBools extends Message {
  values: boolean[]
}

export interface MIL_TensorValue_RepeatedStrings extends Message {
  values: string[]
}

export interface MIL_TensorValue_RepeatedBytes extends Message {
  values: Uint8Array
}

export interface MIL_TupleValue extends Message {
  values: MIL_Value[]
}

export interface MIL_ListValue extends Message {
  values: MIL_Value[]
}

export interface MIL_DictionaryValue extends Message {
  values: MIL_DictionaryValue_KeyValuePair[]
}

export interface MIL_DictionaryValue_KeyValuePair extends Message {
  key: MIL_Value | null
  value: MIL_Value | null
}

export interface StringVector extends Message {
  vector: string[]
}

export interface Int64Vector extends Message {
  vector: Int64[]
}

export interface NeuralNetwork extends Message {
  layers: NeuralNetworkLayer[]
  preprocessing: NeuralNetworkPreprocessing[]
  arrayInputShapeMapping: number
  imageInputShapeMapping: number
  stringClassLabels: StringVector | null
  int64ClassLabels: Int64Vector | null
  labelProbabilityLayerName: string
  ClassLabels?: 'stringClassLabels' | 'int64ClassLabels'
}

export interface NeuralNetworkImageScaler extends Message {
  channelScale: number
  blueBias: number
  greenBias: number
  redBias: number
  grayBias: number
}

export interface NeuralNetworkMeanImage extends Message {
  meanImage: Uint8Array[]
}

export interface NeuralNetworkPreprocessing extends Message {
  featureName: string
  scaler: NeuralNetworkImageScaler | null
  meanImage: NeuralNetworkMeanImage | null
  preprocessor?: 'scaler' | 'meanImage'
}

export interface Tensor extends Message {
  rank: number
  dimValue: Int64[]
}

export interface NeuralNetworkLayer extends Message {
  name: string
  input: string[]
  output: string[]
  inputTensor: Tensor[]
  outputTensor: Tensor[]
  isUpdatable: boolean
  convolution: ConvolutionLayerParams | null
  pooling: PoolingLayerParams | null
  activation: ActivationParams | null
  innerProduct: InnerProductLayerParams | null
  embedding: EmbeddingLayerParams | null
  batchnorm: BatchnormLayerParams | null
  mvn: MeanVarianceNormalizeLayerParams | null
  l2normalize: L2NormalizeLayerParams | null
  softmax: NoParams | null
  lrn: LRNLayerParams | null
  crop: CropLayerParams | null
  padding: PaddingLayerParams | null
  upsample: UpsampleLayerParams | null
  resizeBilinear: ResizeBilinearLayerParams | null
  cropResize: CropResizeLayerParams | null
  unary: UnaryFunctionLayerParams | null
  add: AlphaParams | null
  multiply: AlphaParams | null
  average: NoParams | null
  scale: ScaleLayerParams | null
  bias: BiasLayerParams | null
  max: NoParams | null
  min: NoParams | null
  dot: DotProductLayerParams | null
  reduce: ReduceLayerParams | null
  loadConstant: LoadConstantParams | null
  reshape: ReshapeLayerParams | null
  flatten: FlattenLayerParams | null
  permute: PermuteLayerParams | null
  concat: ConcatLayerParams | null
  split: SplitLayerParams | null
  sequenceRepeat: SequenceRepeatLayerParams | null
  reorganizeData: ReorganizeDataLayerParams | null
  slice: SliceLayerParams | null
  simpleRecurrent: SimpleRecurrentLayerParams | null
  gru: GRULayerParams | null
  uniDirectionalLSTM: UniDirectionalLSTMLayerParams | null
  biDirectionalLSTM: BiDirectionalLSTMLayerParams | null
  custom: CustomLayerParams | null
  copy: NoParams | null
  branch: BranchLayerParams | null
  loop: LoopLayerParams | null
  loopBreak: NoParams | null
  loopContinue: NoParams | null
  rangeStatic: RangeStaticLayerParams | null
  rangeDynamic: RangeDynamicLayerParams | null
  clip: ClipLayerParams | null
  ceil: NoParams | null
  floor: NoParams | null
  sign: NoParams | null
  round: NoParams | null
  exp2: NoParams | null
  sin: NoParams | null
  cos: NoParams | null
  tan: NoParams | null
  asin: NoParams | null
  acos: NoParams | null
  atan: NoParams | null
  sinh: NoParams | null
  cosh: NoParams | null
  tanh: NoParams | null
  asinh: NoParams | null
  acosh: NoParams | null
  atanh: NoParams | null
  erf: NoParams | null
  gelu: GeluLayerParams | null
  equal: AlphaParams | null
  notEqual: AlphaParams | null
  lessThan: OrderParams | null
  lessEqual: OrderParams | null
  greaterThan: OrderParams | null
  greaterEqual: OrderParams | null
  logicalOr: NoParams | null
  logicalXor: NoParams | null
  logicalNot: NoParams | null
  logicalAnd: NoParams | null
  modBroadcastable: NoParams | null
  minBroadcastable: NoParams | null
  maxBroadcastable: NoParams | null
  addBroadcastable: NoParams | null
  powBroadcastable: NoParams | null
  divideBroadcastable: NoParams | null
  floorDivBroadcastable: NoParams | null
  multiplyBroadcastable: NoParams | null
  subtractBroadcastable: NoParams | null
  tile: TileLayerParams | null
  stack: AxisParams | null
  gather: AxisParams | null
  scatter: ScatterAxisParams | null
  gatherND: NoParams | null
  scatterND: ScatterNDLayerParams | null
  softmaxND: AxisParams | null
  gatherAlongAxis: AxisParams | null
  scatterAlongAxis: ScatterAxisParams | null
  reverse: ReverseLayerParams | null
  reverseSeq: ReverseSeqLayerParams | null
  splitND: SplitNDLayerParams | null
  concatND: ConcatNDLayerParams | null
  transpose: TransposeLayerParams | null
  sliceStatic: SliceStaticLayerParams | null
  sliceDynamic: SliceDynamicLayerParams | null
  slidingWindows: SlidingWindowsLayerParams | null
  topK: TopKLayerParams | null
  argMin: ArgReduceParams | null
  argMax: ArgReduceParams | null
  embeddingND: EmbeddingNDLayerParams | null
  batchedMatmul: BatchedMatMulLayerParams | null
  getShape: NoParams | null
  loadConstantND: LoadConstantParams | null
  fillLike: FillParams | null
  fillStatic: FillStaticLayerParams | null
  fillDynamic: FillParams | null
  broadcastToLike: NoParams | null
  broadcastToStatic: BroadcastToStaticLayerParams | null
  broadcastToDynamic: NoParams | null
  squeeze: SqueezeLayerParams | null
  expandDims: AxesParams | null
  flattenTo2D: AxisParams | null
  reshapeLike: NoParams | null
  reshapeStatic: TargetShapeParams | null
  reshapeDynamic: NoParams | null
  rankPreservingReshape: TargetShapeParams | null
  constantPad: ConstantPaddingLayerParams | null
  randomNormalLike: RandomNormalParams | null
  randomNormalStatic: RandomNormalStaticLayerParams | null
  randomNormalDynamic: RandomNormalParams | null
  randomUniformLike: RandomUniformParams | null
  randomUniformStatic: RandomUniformStaticLayerParams | null
  randomUniformDynamic: RandomUniformParams | null
  randomBernoulliLike: RandomBernoulliParams | null
  randomBernoulliStatic: RandomBernoulliStaticLayerParams | null
  randomBernoulliDynamic: RandomBernoulliParams | null
  categoricalDistribution: CategoricalDistributionLayerParams | null
  reduceL1: ReduceAxesParams | null
  reduceL2: ReduceAxesParams | null
  reduceMax: ReduceAxesParams | null
  reduceMin: ReduceAxesParams | null
  reduceSum: ReduceAxesParams | null
  reduceProd: ReduceAxesParams | null
  reduceMean: ReduceAxesParams | null
  reduceLogSum: ReduceAxesParams | null
  reduceSumSquare: ReduceAxesParams | null
  reduceLogSumExp: ReduceAxesParams | null
  whereNonZero: NoParams | null
  matrixBandPart: MatrixBandPartLayerParams | null
  lowerTriangular: TriangularParams | null
  upperTriangular: TriangularParams | null
  whereBroadcastable: NoParams | null
  layerNormalization: LayerNormalizationLayerParams | null
  NonMaximumSuppression: NonMaximumSuppressionLayerParams | null
  oneHot: OneHotLayerParams | null
  cumSum: CumSumLayerParams | null
  clampedReLU: AlphaBetaParams | null
  argSort: ArgSortLayerParams | null
  pooling3d: Pooling3DLayerParams | null
  globalPooling3d: GlobalPooling3DLayerParams | null
  sliceBySize: SliceBySizeLayerParams | null
  convolution3d: Convolution3DLayerParams | null
  layer?: 'convolution' | 'pooling' | 'activation' | 'innerProduct' | 'embedding' | 'batchnorm' | 'mvn' | 'l2normalize' | 'softmax' | 'lrn' | 'crop' | 'padding' | 'upsample' | 'resizeBilinear' | 'cropResize' | 'unary' | 'add' | 'multiply' | 'average' | 'scale' | 'bias' | 'max' | 'min' | 'dot' | 'reduce' | 'loadConstant' | 'reshape' | 'flatten' | 'permute' | 'concat' | 'split' | 'sequenceRepeat' | 'reorganizeData' | 'slice' | 'simpleRecurrent' | 'gru' | 'uniDirectionalLSTM' | 'biDirectionalLSTM' | 'custom' | 'copy' | 'branch' | 'loop' | 'loopBreak' | 'loopContinue' | 'rangeStatic' | 'rangeDynamic' | 'clip' | 'ceil' | 'floor' | 'sign' | 'round' | 'exp2' | 'sin' | 'cos' | 'tan' | 'asin' | 'acos' | 'atan' | 'sinh' | 'cosh' | 'tanh' | 'asinh' | 'acosh' | 'atanh' | 'erf' | 'gelu' | 'equal' | 'notEqual' | 'lessThan' | 'lessEqual' | 'greaterThan' | 'greaterEqual' | 'logicalOr' | 'logicalXor' | 'logicalNot' | 'logicalAnd' | 'modBroadcastable' | 'minBroadcastable' | 'maxBroadcastable' | 'addBroadcastable' | 'powBroadcastable' | 'divideBroadcastable' | 'floorDivBroadcastable' | 'multiplyBroadcastable' | 'subtractBroadcastable' | 'tile' | 'stack' | 'gather' | 'scatter' | 'gatherND' | 'scatterND' | 'softmaxND' | 'gatherAlongAxis' | 'scatterAlongAxis' | 'reverse' | 'reverseSeq' | 'splitND' | 'concatND' | 'transpose' | 'sliceStatic' | 'sliceDynamic' | 'slidingWindows' | 'topK' | 'argMin' | 'argMax' | 'embeddingND' | 'batchedMatmul' | 'getShape' | 'loadConstantND' | 'fillLike' | 'fillStatic' | 'fillDynamic' | 'broadcastToLike' | 'broadcastToStatic' | 'broadcastToDynamic' | 'squeeze' | 'expandDims' | 'flattenTo2D' | 'reshapeLike' | 'reshapeStatic' | 'reshapeDynamic' | 'rankPreservingReshape' | 'constantPad' | 'randomNormalLike' | 'randomNormalStatic' | 'randomNormalDynamic' | 'randomUniformLike' | 'randomUniformStatic' | 'randomUniformDynamic' | 'randomBernoulliLike' | 'randomBernoulliStatic' | 'randomBernoulliDynamic' | 'categoricalDistribution' | 'reduceL1' | 'reduceL2' | 'reduceMax' | 'reduceMin' | 'reduceSum' | 'reduceProd' | 'reduceMean' | 'reduceLogSum' | 'reduceSumSquare' | 'reduceLogSumExp' | 'whereNonZero' | 'matrixBandPart' | 'lowerTriangular' | 'upperTriangular' | 'whereBroadcastable' | 'layerNormalization' | 'NonMaximumSuppression' | 'oneHot' | 'cumSum' | 'clampedReLU' | 'argSort' | 'pooling3d' | 'globalPooling3d' | 'sliceBySize' | 'convolution3d'
}

export interface WeightParams extends Message {
  floatValue: Uint8Array[]
  float16Value: Uint8Array
  rawValue: Uint8Array
  int8RawValue: Uint8Array
  quantization: QuantizationParams | null
  isUpdatable: boolean
}

export interface QuantizationParams extends Message {
  numberOfBits: Int64
  linearQuantization: LinearQuantizationParams | null
  lookupTableQuantization: LookUpTableQuantizationParams | null
  QuantizationType?: 'linearQuantization' | 'lookupTableQuantization'
}

export interface LinearQuantizationParams extends Message {
  scale: Uint8Array[]
  bias: Uint8Array[]
}

export interface LookUpTableQuantizationParams extends Message {
  floatValue: Uint8Array[]
}

export interface NoParams extends Message {

}

export interface AlphaParams extends Message {
  alpha: number
}

export interface AlphaBetaParams extends Message {
  alpha: number
  beta: number
}

export interface OrderParams extends Message {
  alpha: number
}

export interface AxisParams extends Message {
  axis: Int64
}

export interface AxesParams extends Message {
  axes: Int64[]
}

export interface TargetShapeParams extends Message {
  targetShape: Int64[]
}

export interface LoadConstantParams extends Message {
  shape: Int64[]
  data: WeightParams | null
}

export interface FillParams extends Message {
  value: number
}

export interface ArgReduceParams extends Message {
  axis: Int64
  removeDim: boolean
}

export interface ReduceAxesParams extends Message {
  axes: Int64[]
  keepDims: boolean
  reduceAll: boolean
}

export interface TriangularParams extends Message {
  k: Int64
}

export interface ScatterAxisParams extends Message {
  axis: Int64
  mode: number
}

export interface RandomNormalParams extends Message {
  seed: Int64
  mean: number
  stdDev: number
}

export interface RandomUniformParams extends Message {
  seed: Int64
  minVal: number
  maxVal: number
}

export interface RandomBernoulliParams extends Message {
  seed: Int64
  prob: number
}

export interface BorderAmounts extends Message {
  borderAmounts: BorderAmounts_EdgeSizes[]
}

export interface BorderAmounts_EdgeSizes extends Message {
  startEdgeSize: Int64
  endEdgeSize: Int64
}

export interface ValidPadding extends Message {
  paddingAmounts: BorderAmounts | null
}

export interface SamePadding extends Message {
  asymmetryMode: number
}

export interface SamplingMode extends Message {
  samplingMethod: number
}

export interface BoxCoordinatesMode extends Message {
  boxMode: number
}

export interface ActivationPReLU extends Message {
  alpha: WeightParams | null
}

export interface ActivationParametricSoftplus extends Message {
  alpha: WeightParams | null
  beta: WeightParams | null
}

export interface ActivationParams extends Message {
  linear: AlphaBetaParams | null
  ReLU: NoParams | null
  leakyReLU: AlphaParams | null
  thresholdedReLU: AlphaParams | null
  PReLU: ActivationPReLU | null
  tanh: NoParams | null
  scaledTanh: AlphaBetaParams | null
  sigmoid: NoParams | null
  sigmoidHard: AlphaBetaParams | null
  ELU: AlphaParams | null
  softsign: NoParams | null
  softplus: NoParams | null
  parametricSoftplus: ActivationParametricSoftplus | null
  NonlinearityType?: 'linear' | 'ReLU' | 'leakyReLU' | 'thresholdedReLU' | 'PReLU' | 'tanh' | 'scaledTanh' | 'sigmoid' | 'sigmoidHard' | 'ELU' | 'softsign' | 'softplus' | 'parametricSoftplus'
}

export interface UnaryFunctionLayerParams extends Message {
  type: number
  alpha: number
  epsilon: number
  shift: number
  scale: number
}

export interface GeluLayerParams extends Message {
  mode: number
}

export interface ClipLayerParams extends Message {
  minVal: number
  maxVal: number
}

export interface ConvolutionLayerParams extends Message {
  outputChannels: Int64
  kernelChannels: Int64
  nGroups: Int64
  kernelSize: Int64[]
  stride: Int64[]
  dilationFactor: Int64[]
  valid: ValidPadding | null
  same: SamePadding | null
  isDeconvolution: boolean
  hasBias: boolean
  weights: WeightParams | null
  bias: WeightParams | null
  outputShape: Int64[]
  ConvolutionPaddingType?: 'valid' | 'same'
}

export interface Convolution3DLayerParams extends Message {
  outputChannels: number
  inputChannels: number
  nGroups: number
  kernelDepth: number
  kernelHeight: number
  kernelWidth: number
  strideDepth: number
  strideHeight: number
  strideWidth: number
  dilationDepth: number
  dilationHeight: number
  dilationWidth: number
  hasBias: boolean
  weights: WeightParams | null
  bias: WeightParams | null
  paddingType: number
  customPaddingFront: number
  customPaddingBack: number
  customPaddingTop: number
  customPaddingBottom: number
  customPaddingLeft: number
  customPaddingRight: number
  isDeconvolution: boolean
  outputShape: Int64[]
}

export interface PoolingLayerParams extends Message {
  type: number
  kernelSize: Int64[]
  stride: Int64[]
  valid: ValidPadding | null
  same: SamePadding | null
  includeLastPixel: PoolingLayerParams_ValidCompletePadding | null
  avgPoolExcludePadding: boolean
  globalPooling: boolean
  PoolingPaddingType?: 'valid' | 'same' | 'includeLastPixel'
}

export interface PoolingLayerParams_ValidCompletePadding extends Message {
  paddingAmounts: Int64[]
}

export interface Pooling3DLayerParams extends Message {
  type: number
  kernelDepth: number
  kernelHeight: number
  kernelWidth: number
  strideDepth: number
  strideHeight: number
  strideWidth: number
  customPaddingFront: number
  customPaddingBack: number
  customPaddingTop: number
  customPaddingBottom: number
  customPaddingLeft: number
  customPaddingRight: number
  countExcludePadding: boolean
  paddingType: number
}

export interface GlobalPooling3DLayerParams extends Message {
  type: number
}

export interface InnerProductLayerParams extends Message {
  inputChannels: Int64
  outputChannels: Int64
  hasBias: boolean
  weights: WeightParams | null
  bias: WeightParams | null
  int8DynamicQuantize: boolean
}

export interface BatchedMatMulLayerParams extends Message {
  transposeA: boolean
  transposeB: boolean
  weightMatrixFirstDimension: Int64
  weightMatrixSecondDimension: Int64
  hasBias: boolean
  weights: WeightParams | null
  bias: WeightParams | null
  int8DynamicQuantize: boolean
}

export interface EmbeddingLayerParams extends Message {
  inputDim: Int64
  outputChannels: Int64
  hasBias: boolean
  weights: WeightParams | null
  bias: WeightParams | null
}

export interface EmbeddingNDLayerParams extends Message {
  vocabSize: Int64
  embeddingSize: Int64
  hasBias: boolean
  weights: WeightParams | null
  bias: WeightParams | null
}

export interface BatchnormLayerParams extends Message {
  channels: Int64
  computeMeanVar: boolean
  instanceNormalization: boolean
  epsilon: number
  gamma: WeightParams | null
  beta: WeightParams | null
  mean: WeightParams | null
  variance: WeightParams | null
}

export interface MeanVarianceNormalizeLayerParams extends Message {
  acrossChannels: boolean
  normalizeVariance: boolean
  epsilon: number
}

export interface L2NormalizeLayerParams extends Message {
  epsilon: number
}

export interface LayerNormalizationLayerParams extends Message {
  normalizedShape: Int64[]
  eps: number
  gamma: WeightParams | null
  beta: WeightParams | null
}

export interface LRNLayerParams extends Message {
  alpha: number
  beta: number
  localSize: Int64
  k: number
}

export interface ScaleLayerParams extends Message {
  shapeScale: Int64[]
  scale: WeightParams | null
  hasBias: boolean
  shapeBias: Int64[]
  bias: WeightParams | null
}

export interface BiasLayerParams extends Message {
  shape: Int64[]
  bias: WeightParams | null
}

export interface CropLayerParams extends Message {
  cropAmounts: BorderAmounts | null
  offset: Int64[]
}

export interface PaddingLayerParams extends Message {
  constant: PaddingLayerParams_PaddingConstant | null
  reflection: NoParams | null
  replication: NoParams | null
  paddingAmounts: BorderAmounts | null
  PaddingType?: 'constant' | 'reflection' | 'replication'
}

export interface PaddingLayerParams_PaddingConstant extends Message {
  value: number
}

export interface ConstantPaddingLayerParams extends Message {
  value: number
  padAmounts: Int64[]
  padToGivenOutputSizeMode: boolean
}

export interface UpsampleLayerParams extends Message {
  scalingFactor: Int64[]
  mode: number
  linearUpsampleMode: number
  fractionalScalingFactor: number[]
}

export interface ResizeBilinearLayerParams extends Message {
  targetSize: Int64[]
  mode: SamplingMode | null
}

export interface CropResizeLayerParams extends Message {
  targetSize: Int64[]
  normalizedCoordinates: boolean
  mode: SamplingMode | null
  boxIndicesMode: BoxCoordinatesMode | null
  spatialScale: number
}

export interface DotProductLayerParams extends Message {
  cosineSimilarity: boolean
}

export interface ReduceLayerParams extends Message {
  mode: number
  epsilon: number
  axis: number
}

export interface TopKLayerParams extends Message {
  axis: Int64
  K: Int64
  useBottomK: boolean
}

export interface ArgSortLayerParams extends Message {
  axis: Int64
  descending: boolean
}

export interface CumSumLayerParams extends Message {
  axis: Int64
  excludeFinalSum: boolean
  reverse: boolean
}

export interface NonMaximumSuppressionLayerParams extends Message {
  iouThreshold: number
  scoreThreshold: number
  maxBoxes: Int64
  perClassSuppression: boolean
}

export interface ReshapeLayerParams extends Message {
  targetShape: Int64[]
  mode: number
}

export interface FlattenLayerParams extends Message {
  mode: number
}

export interface PermuteLayerParams extends Message {
  axis: Int64[]
}

export interface TransposeLayerParams extends Message {
  axes: Int64[]
}

export interface ConcatLayerParams extends Message {
  sequenceConcat: boolean
}

export interface ConcatNDLayerParams extends Message {
  axis: Int64
  interleave: boolean
}

export interface SplitLayerParams extends Message {
  nOutputs: Int64
}

export interface SplitNDLayerParams extends Message {
  axis: Int64
  numSplits: Int64
  splitSizes: Int64[]
}

export interface SequenceRepeatLayerParams extends Message {
  nRepetitions: Int64
}

export interface TileLayerParams extends Message {
  reps: Int64[]
}

export interface BroadcastToStaticLayerParams extends Message {
  targetShape: Int64[]
}

export interface SqueezeLayerParams extends Message {
  axes: Int64[]
  squeezeAll: boolean
}

export interface ReorganizeDataLayerParams extends Message {
  mode: number
  blockSize: Int64
}

export interface SliceLayerParams extends Message {
  startIndex: Int64
  endIndex: Int64
  stride: Int64
  axis: number
}

export interface SliceStaticLayerParams extends Message {
  beginIds: Int64[]
  beginMasks: boolean[]
  endIds: Int64[]
  endMasks: boolean[]
  strides: Int64[]
  squeezeMasks: boolean[]
}

export interface SliceDynamicLayerParams extends Message {
  beginMasks: boolean[]
  endIds: Int64[]
  endMasks: boolean[]
  strides: Int64[]
  squeezeMasks: boolean[]
}

export interface SliceBySizeLayerParams extends Message {
  size: Int64
  axis: Int64
}

export interface SlidingWindowsLayerParams extends Message {
  axis: Int64
  windowSize: Int64
  step: Int64
}

export interface ReverseLayerParams extends Message {
  reverseDim: boolean[]
}

export interface ReverseSeqLayerParams extends Message {
  batchAxis: Int64
  sequenceAxis: Int64
}

export interface ScatterNDLayerParams extends Message {
  mode: number
}

export interface MatrixBandPartLayerParams extends Message {
  numLower: Int64
  numUpper: Int64
}

export interface OneHotLayerParams extends Message {
  oneHotVectorSize: Int64
  axis: Int64
  onValue: number
  offValue: number
}

export interface FillStaticLayerParams extends Message {
  value: number
  targetShape: Int64[]
}

export interface RangeStaticLayerParams extends Message {
  endValue: number
  startValue: number
  stepSizeValue: number
}

export interface RangeDynamicLayerParams extends Message {
  startValue: number
  stepSizeValue: number
}

export interface RandomNormalStaticLayerParams extends Message {
  seed: Int64
  mean: number
  stdDev: number
  outputShape: Int64[]
}

export interface RandomUniformStaticLayerParams extends Message {
  seed: Int64
  minVal: number
  maxVal: number
  outputShape: Int64[]
}

export interface RandomBernoulliStaticLayerParams extends Message {
  seed: Int64
  prob: number
  outputShape: Int64[]
}

export interface CategoricalDistributionLayerParams extends Message {
  seed: Int64
  numSamples: Int64
  isLogits: boolean
  eps: number
  temperature: number
}

export interface SimpleRecurrentLayerParams extends Message {
  inputVectorSize: Int64
  outputVectorSize: Int64
  activation: ActivationParams | null
  sequenceOutput: boolean
  hasBiasVector: boolean
  weightMatrix: WeightParams | null
  recursionMatrix: WeightParams | null
  biasVector: WeightParams | null
  reverseInput: boolean
}

export interface GRULayerParams extends Message {
  inputVectorSize: Int64
  outputVectorSize: Int64
  activations: ActivationParams[]
  sequenceOutput: boolean
  hasBiasVectors: boolean
  updateGateWeightMatrix: WeightParams | null
  resetGateWeightMatrix: WeightParams | null
  outputGateWeightMatrix: WeightParams | null
  updateGateRecursionMatrix: WeightParams | null
  resetGateRecursionMatrix: WeightParams | null
  outputGateRecursionMatrix: WeightParams | null
  updateGateBiasVector: WeightParams | null
  resetGateBiasVector: WeightParams | null
  outputGateBiasVector: WeightParams | null
  reverseInput: boolean
}

export interface LSTMParams extends Message {
  sequenceOutput: boolean
  hasBiasVectors: boolean
  forgetBias: boolean
  hasPeepholeVectors: boolean
  coupledInputAndForgetGate: boolean
  cellClipThreshold: number
}

export interface LSTMWeightParams extends Message {
  inputGateWeightMatrix: WeightParams | null
  forgetGateWeightMatrix: WeightParams | null
  blockInputWeightMatrix: WeightParams | null
  outputGateWeightMatrix: WeightParams | null
  inputGateRecursionMatrix: WeightParams | null
  forgetGateRecursionMatrix: WeightParams | null
  blockInputRecursionMatrix: WeightParams | null
  outputGateRecursionMatrix: WeightParams | null
  inputGateBiasVector: WeightParams | null
  forgetGateBiasVector: WeightParams | null
  blockInputBiasVector: WeightParams | null
  outputGateBiasVector: WeightParams | null
  inputGatePeepholeVector: WeightParams | null
  forgetGatePeepholeVector: WeightParams | null
  outputGatePeepholeVector: WeightParams | null
}

export interface UniDirectionalLSTMLayerParams extends Message {
  inputVectorSize: Int64
  outputVectorSize: Int64
  activations: ActivationParams[]
  params: LSTMParams | null
  weightParams: LSTMWeightParams | null
  reverseInput: boolean
}

export interface BiDirectionalLSTMLayerParams extends Message {
  inputVectorSize: Int64
  outputVectorSize: Int64
  activationsForwardLSTM: ActivationParams[]
  activationsBackwardLSTM: ActivationParams[]
  params: LSTMParams | null
  weightParams: LSTMWeightParams[]
}

export interface BranchLayerParams extends Message {
  ifBranch: NeuralNetwork | null
  elseBranch: NeuralNetwork | null
}

export interface LoopLayerParams extends Message {
  maxLoopIterations: Int64
  conditionVar: string
  conditionNetwork: NeuralNetwork | null
  bodyNetwork: NeuralNetwork | null
}

export interface CustomLayerParams extends Message {
  className: string
  weights: WeightParams[]
  parameters: { [key: string]: CustomLayerParams_CustomLayerParamValue }
  description: string
}

export interface CustomLayerParams_CustomLayerParamValue extends Message {
  doubleValue: number
  stringValue: string
  intValue: number
  longValue: Int64
  boolValue: boolean
  value?: 'doubleValue' | 'stringValue' | 'intValue' | 'longValue' | 'boolValue'
}

/** Every message by its full name. */
export interface Messages {
  'CoreML.Pipeline': Pipeline
  'CoreML.PipelineClassifier': PipelineClassifier
  'CoreML.PipelineRegressor': PipelineRegressor
  'CoreML.FeatureDescription': FeatureDescription
  'CoreML.Metadata': Metadata
  'CoreML.FunctionDescription': FunctionDescription
  'CoreML.ModelDescription': ModelDescription
  'CoreML.SerializedModel': SerializedModel
  'CoreML.NonMaximumSuppression': NonMaximumSuppression
  'CoreML.NonMaximumSuppression.PickTop': NonMaximumSuppression_PickTop
  'CoreML.OtherModel': OtherModel
  'CoreML.Model': Model
  'CoreML.SizeRange': SizeRange
  'CoreML.ImageFeatureType': ImageFeatureType
  'CoreML.ImageFeatureType.ImageSize': ImageFeatureType_ImageSize
  'CoreML.ImageFeatureType.EnumeratedImageSizes': ImageFeatureType_EnumeratedImageSizes
  'CoreML.ImageFeatureType.ImageSizeRange': ImageFeatureType_ImageSizeRange
  'CoreML.ArrayFeatureType': ArrayFeatureType
  'CoreML.ArrayFeatureType.Shape': ArrayFeatureType_Shape
  'CoreML.ArrayFeatureType.EnumeratedShapes': ArrayFeatureType_EnumeratedShapes
  'CoreML.ArrayFeatureType.ShapeRange': ArrayFeatureType_ShapeRange
  'CoreML.Unit': Unit
  'CoreML.DictionaryFeatureType': DictionaryFeatureType
  'CoreML.SequenceFeatureType': SequenceFeatureType
  'CoreML.StateFeatureType': StateFeatureType
  'CoreML.FeatureType': FeatureType
  'CoreML.MIL.Program': MIL_Program
  'CoreML.MIL.Function': MIL_Function
  'CoreML.MIL.Block': MIL_Block
  'CoreML.MIL.Argument': MIL_Argument
  'CoreML.MIL.Argument.Binding': MIL_Argument_Binding
  'CoreML.MIL.Operation': MIL_Operation
  'CoreML.MIL.NamedValueType': MIL_NamedValueType
  'CoreML.MIL.ValueType': MIL_ValueType
  'CoreML.MIL.TensorType': MIL_TensorType
  'CoreML.MIL.TupleType': MIL_TupleType
  'CoreML.MIL.ListType': MIL_ListType
  'CoreML.MIL.DictionaryType': MIL_DictionaryType
  'CoreML.MIL.StateType': MIL_StateType
  'CoreML.MIL.Dimension': MIL_Dimension
  'CoreML.MIL.Dimension.ConstantDimension': MIL_Dimension_ConstantDimension
  'CoreML.MIL.Dimension.UnknownDimension': MIL_Dimension_UnknownDimension
  'CoreML.MIL.Value': MIL_Value
  'CoreML.MIL.Value.ImmediateValue': MIL_Value_ImmediateValue
  'CoreML.MIL.Value.BlobFileValue': MIL_Value_BlobFileValue
  'CoreML.MIL.TensorValue': MIL_TensorValue
  'CoreML.MIL.TensorValue.PackedFloats': MIL_TensorValue_PackedFloats
  'CoreML.MIL.TensorValue.PackedDoubles': MIL_TensorValue_PackedDoubles
  'CoreML.MIL.TensorValue.RepeatedInts': MIL_TensorValue_RepeatedInts
  'CoreML.MIL.TensorValue.RepeatedLongInts': MIL_TensorValue_RepeatedLongInts
  'CoreML.MIL.TensorValue.RepeatedBools': MIL_TensorValue_RepeatedBools
  'CoreML.MIL.TensorValue.RepeatedStrings': MIL_TensorValue_RepeatedStrings
  'CoreML.MIL.TensorValue.RepeatedBytes': MIL_TensorValue_RepeatedBytes
  'CoreML.MIL.TupleValue': MIL_TupleValue
  'CoreML.MIL.ListValue': MIL_ListValue
  'CoreML.MIL.DictionaryValue': MIL_DictionaryValue
  'CoreML.MIL.DictionaryValue.KeyValuePair': MIL_DictionaryValue_KeyValuePair
  'CoreML.StringVector': StringVector
  'CoreML.Int64Vector': Int64Vector
  'CoreML.NeuralNetwork': NeuralNetwork
  'CoreML.NeuralNetworkImageScaler': NeuralNetworkImageScaler
  'CoreML.NeuralNetworkMeanImage': NeuralNetworkMeanImage
  'CoreML.NeuralNetworkPreprocessing': NeuralNetworkPreprocessing
  'CoreML.Tensor': Tensor
  'CoreML.NeuralNetworkLayer': NeuralNetworkLayer
  'CoreML.WeightParams': WeightParams
  'CoreML.QuantizationParams': QuantizationParams
  'CoreML.LinearQuantizationParams': LinearQuantizationParams
  'CoreML.LookUpTableQuantizationParams': LookUpTableQuantizationParams
  'CoreML.NoParams': NoParams
  'CoreML.AlphaParams': AlphaParams
  'CoreML.AlphaBetaParams': AlphaBetaParams
  'CoreML.OrderParams': OrderParams
  'CoreML.AxisParams': AxisParams
  'CoreML.AxesParams': AxesParams
  'CoreML.TargetShapeParams': TargetShapeParams
  'CoreML.LoadConstantParams': LoadConstantParams
  'CoreML.FillParams': FillParams
  'CoreML.ArgReduceParams': ArgReduceParams
  'CoreML.ReduceAxesParams': ReduceAxesParams
  'CoreML.TriangularParams': TriangularParams
  'CoreML.ScatterAxisParams': ScatterAxisParams
  'CoreML.RandomNormalParams': RandomNormalParams
  'CoreML.RandomUniformParams': RandomUniformParams
  'CoreML.RandomBernoulliParams': RandomBernoulliParams
  'CoreML.BorderAmounts': BorderAmounts
  'CoreML.BorderAmounts.EdgeSizes': BorderAmounts_EdgeSizes
  'CoreML.ValidPadding': ValidPadding
  'CoreML.SamePadding': SamePadding
  'CoreML.SamplingMode': SamplingMode
  'CoreML.BoxCoordinatesMode': BoxCoordinatesMode
  'CoreML.ActivationPReLU': ActivationPReLU
  'CoreML.ActivationParametricSoftplus': ActivationParametricSoftplus
  'CoreML.ActivationParams': ActivationParams
  'CoreML.UnaryFunctionLayerParams': UnaryFunctionLayerParams
  'CoreML.GeluLayerParams': GeluLayerParams
  'CoreML.ClipLayerParams': ClipLayerParams
  'CoreML.ConvolutionLayerParams': ConvolutionLayerParams
  'CoreML.Convolution3DLayerParams': Convolution3DLayerParams
  'CoreML.PoolingLayerParams': PoolingLayerParams
  'CoreML.PoolingLayerParams.ValidCompletePadding': PoolingLayerParams_ValidCompletePadding
  'CoreML.Pooling3DLayerParams': Pooling3DLayerParams
  'CoreML.GlobalPooling3DLayerParams': GlobalPooling3DLayerParams
  'CoreML.InnerProductLayerParams': InnerProductLayerParams
  'CoreML.BatchedMatMulLayerParams': BatchedMatMulLayerParams
  'CoreML.EmbeddingLayerParams': EmbeddingLayerParams
  'CoreML.EmbeddingNDLayerParams': EmbeddingNDLayerParams
  'CoreML.BatchnormLayerParams': BatchnormLayerParams
  'CoreML.MeanVarianceNormalizeLayerParams': MeanVarianceNormalizeLayerParams
  'CoreML.L2NormalizeLayerParams': L2NormalizeLayerParams
  'CoreML.LayerNormalizationLayerParams': LayerNormalizationLayerParams
  'CoreML.LRNLayerParams': LRNLayerParams
  'CoreML.ScaleLayerParams': ScaleLayerParams
  'CoreML.BiasLayerParams': BiasLayerParams
  'CoreML.CropLayerParams': CropLayerParams
  'CoreML.PaddingLayerParams': PaddingLayerParams
  'CoreML.PaddingLayerParams.PaddingConstant': PaddingLayerParams_PaddingConstant
  'CoreML.ConstantPaddingLayerParams': ConstantPaddingLayerParams
  'CoreML.UpsampleLayerParams': UpsampleLayerParams
  'CoreML.ResizeBilinearLayerParams': ResizeBilinearLayerParams
  'CoreML.CropResizeLayerParams': CropResizeLayerParams
  'CoreML.DotProductLayerParams': DotProductLayerParams
  'CoreML.ReduceLayerParams': ReduceLayerParams
  'CoreML.TopKLayerParams': TopKLayerParams
  'CoreML.ArgSortLayerParams': ArgSortLayerParams
  'CoreML.CumSumLayerParams': CumSumLayerParams
  'CoreML.NonMaximumSuppressionLayerParams': NonMaximumSuppressionLayerParams
  'CoreML.ReshapeLayerParams': ReshapeLayerParams
  'CoreML.FlattenLayerParams': FlattenLayerParams
  'CoreML.PermuteLayerParams': PermuteLayerParams
  'CoreML.TransposeLayerParams': TransposeLayerParams
  'CoreML.ConcatLayerParams': ConcatLayerParams
  'CoreML.ConcatNDLayerParams': ConcatNDLayerParams
  'CoreML.SplitLayerParams': SplitLayerParams
  'CoreML.SplitNDLayerParams': SplitNDLayerParams
  'CoreML.SequenceRepeatLayerParams': SequenceRepeatLayerParams
  'CoreML.TileLayerParams': TileLayerParams
  'CoreML.BroadcastToStaticLayerParams': BroadcastToStaticLayerParams
  'CoreML.SqueezeLayerParams': SqueezeLayerParams
  'CoreML.ReorganizeDataLayerParams': ReorganizeDataLayerParams
  'CoreML.SliceLayerParams': SliceLayerParams
  'CoreML.SliceStaticLayerParams': SliceStaticLayerParams
  'CoreML.SliceDynamicLayerParams': SliceDynamicLayerParams
  'CoreML.SliceBySizeLayerParams': SliceBySizeLayerParams
  'CoreML.SlidingWindowsLayerParams': SlidingWindowsLayerParams
  'CoreML.ReverseLayerParams': ReverseLayerParams
  'CoreML.ReverseSeqLayerParams': ReverseSeqLayerParams
  'CoreML.ScatterNDLayerParams': ScatterNDLayerParams
  'CoreML.MatrixBandPartLayerParams': MatrixBandPartLayerParams
  'CoreML.OneHotLayerParams': OneHotLayerParams
  'CoreML.FillStaticLayerParams': FillStaticLayerParams
  'CoreML.RangeStaticLayerParams': RangeStaticLayerParams
  'CoreML.RangeDynamicLayerParams': RangeDynamicLayerParams
  'CoreML.RandomNormalStaticLayerParams': RandomNormalStaticLayerParams
  'CoreML.RandomUniformStaticLayerParams': RandomUniformStaticLayerParams
  'CoreML.RandomBernoulliStaticLayerParams': RandomBernoulliStaticLayerParams
  'CoreML.CategoricalDistributionLayerParams': CategoricalDistributionLayerParams
  'CoreML.SimpleRecurrentLayerParams': SimpleRecurrentLayerParams
  'CoreML.GRULayerParams': GRULayerParams
  'CoreML.LSTMParams': LSTMParams
  'CoreML.LSTMWeightParams': LSTMWeightParams
  'CoreML.UniDirectionalLSTMLayerParams': UniDirectionalLSTMLayerParams
  'CoreML.BiDirectionalLSTMLayerParams': BiDirectionalLSTMLayerParams
  'CoreML.BranchLayerParams': BranchLayerParams
  'CoreML.LoopLayerParams': LoopLayerParams
  'CoreML.CustomLayerParams': CustomLayerParams
  'CoreML.CustomLayerParams.CustomLayerParamValue': CustomLayerParams_CustomLayerParamValue
}
