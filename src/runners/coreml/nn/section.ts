/** The message of NeuralNetwork.proto that a layer follows, for layers that are named in lists. */
export const layerParams = (type: string): string => `NeuralNetwork.proto ${type[0]!.toUpperCase()}${type.slice(1)}LayerParams`
