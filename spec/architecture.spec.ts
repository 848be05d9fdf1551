/** Each architecture is its equation (Figs. 2a, 4a and 5): the recursions, their maps, and the networks made of both. */
import { densenet } from '../src/network/densenet.ts';
import { dnn } from '../src/network/dnn.ts';
import { efnn } from '../src/network/efnn.ts';
import { convolvedSum, perceptron, symmetrize } from '../src/network/maps.ts';
import { networkProgram } from '../src/network/network.ts';
import { resnet } from '../src/network/resnet.ts';
import { verify } from './law.ts';
import {
  densenetIsItsEquation,
  dnnIsItsEquation,
  efnnIsItsEquation,
  networksAreTheirEquations,
  perceptronIsConvolutionTanhConvolution,
  readoutIsTheConvolvedSum,
  resnetIsItsEquation,
  symmetrizationIsTheSumOfProducts,
} from './laws/architecture.ts';
import * as wrong from './mutants/architecture.ts';

verify(efnnIsItsEquation, efnn, wrong.efnns);

verify(dnnIsItsEquation, dnn, wrong.dnns);

verify(resnetIsItsEquation, resnet, wrong.resnets);

verify(densenetIsItsEquation, densenet, wrong.densenets);

verify(symmetrizationIsTheSumOfProducts, symmetrize, wrong.symmetrizations);

verify(readoutIsTheConvolvedSum, convolvedSum, wrong.readouts);

verify(perceptronIsConvolutionTanhConvolution, perceptron, wrong.perceptrons);

verify(networksAreTheirEquations, networkProgram, wrong.networkPrograms);
