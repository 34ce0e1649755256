//! The options of `gradus descend` that say how to step, and when to stop.

use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};

// How a descent steps and stops. A checkpoint has it as an object, a field an option.
#[derive(Args, Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[command(next_help_heading = "Method")]
pub struct MethodArgs {
    /// How to step; --help lists the names [default: gradient-descent]
    #[arg(long, value_enum, value_name = "NAME", hide_possible_values = true)]
    pub method: Option<Method>,
    /// The factor of the gradient in a step [default: 0.01]
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true)]
    pub rate: Option<f64>,
    /// How the rate falls: step:FACTOR:EVERY, exponential:FACTOR, inverse:SPEED, root:SPEED or cosine:STEPS[:LOWEST]
    #[arg(long, value_name = "SCHEDULE")]
    pub decay: Option<String>,
    /// What is kept of the velocity: momentum, nesterov [default: 0.9]
    #[arg(long, value_name = "PART", allow_negative_numbers = true)]
    pub momentum: Option<f64>,
    /// What is kept of the mean of gradients: adam, adamw [default: 0.9]
    #[arg(long, value_name = "PART", allow_negative_numbers = true)]
    pub beta1: Option<f64>,
    /// What is kept of the mean of squares [default: 0.999 for adam and adamw, 0.9 for rmsprop]
    #[arg(long, value_name = "PART", allow_negative_numbers = true)]
    pub beta2: Option<f64>,
    /// The pull towards 0: adamw [default: 0.01]
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true)]
    pub weight_decay: Option<f64>,
    /// How to search along a direction: wolfe or backtracking [default: what suits the method]
    #[arg(long, value_enum, value_name = "NAME", hide_possible_values = true)]
    pub line_search: Option<LineSearchName>,
    /// Stay between these bounds; a side may be left open: x=0:1,y=-1:
    #[arg(long, value_name = "NAME=LOW:HIGH,...", allow_hyphen_values = true)]
    pub bounds: Vec<String>,
    /// Step by the gradient of so many rows of the data, chosen at random; a step is an epoch then [default for sgd: 1]
    #[arg(long, value_name = "ROWS", value_parser = clap::value_parser!(u64).range(1..))]
    pub batch: Option<u64>,
    /// See all rows so often [default: 100]
    #[arg(long, value_name = "N", conflicts_with = "max_iterations")]
    pub epochs: Option<u64>,
    /// Where the random order begins [default: 0]
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Stop when no coordinate changes by this or more in a step [default: 1e-5], or when the scaled gradient is not
    /// above this, for methods that find their rate by themselves [default: 1e-8]
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true)]
    pub tolerance: Option<f64>,
    /// Give up after so many steps [default: 100000]
    #[arg(long, value_name = "N")]
    pub max_iterations: Option<u64>,
}

/// The methods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// What suits the function
    Auto,
    /// Against the gradient, at a given rate
    #[value(alias = "gd")]
    GradientDescent,
    /// Gradient descent by random rows
    Sgd,
    /// With a heavy ball's velocity
    Momentum,
    /// With the gradient where the velocity leads
    Nesterov,
    /// With a rate for each coordinate
    Adagrad,
    /// With a rate for each coordinate
    Rmsprop,
    /// With a velocity, and a rate for each coordinate
    Adam,
    /// Adam with a pull towards 0
    Adamw,
    /// Against the gradient, with a line search
    SteepestDescent,
    /// Conjugate gradients
    #[value(alias = "cg")]
    ConjugateGradient,
    /// A matrix that learns the curvature
    Bfgs,
    /// BFGS that remembers ten steps
    #[value(alias = "l-bfgs")]
    Lbfgs,
    /// L-BFGS within bounds
    #[value(alias = "lbfgsb", alias = "l-bfgs-b")]
    ProjectedLbfgs,
    /// With second derivatives, in a trust region
    Newton,
    /// With products of second derivatives, for many variables
    NewtonCg,
    /// For sums of squares
    #[value(alias = "lm", alias = "gauss-newton")]
    LevenbergMarquardt,
}

/// How to search along a direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LineSearchName {
    /// Strong Wolfe conditions
    Wolfe,
    /// Armijo's condition
    Backtracking,
}
