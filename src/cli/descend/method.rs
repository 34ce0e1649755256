//! The options that say how to step, turned into a method.

use super::decay;
use super::goal::Goal;
use crate::cli::args::{LineSearchName, Method, MethodArgs};
use crate::cli::failure::Failure;
use crate::descend::{
    self, AdaGrad, Adam, AdamW, Backtracking, Batches, Bfgs, Bounds, ConjugateGradient, FirstOrder,
    GradientDescent, LBfgs, LevenbergMarquardt, LineSearch, Momentum, Nesterov, Newton, NewtonCg,
    ProjectedLBfgs, RmsProp, Rule, Search, Steepest, StrongWolfe, TrustRegion,
};

/// Epochs, where nothing is said.
const EPOCHS: u64 = 100;

/// Steps, where nothing is said.
const MAX_ITERATIONS: u64 = 100_000;

/// Methods with a matrix take up to so many variables: 200 MB, and minutes a step for Newton's.
pub const MAX_MATRIX_DIMENSION: usize = 5000;

/// Options that not all methods use, and those that do, in one row or several.
const USED_BY: &[(&str, &[Method])] = {
    use Method::*;
    const RATED: &[Method] = &[
        GradientDescent,
        Sgd,
        Momentum,
        Nesterov,
        Adagrad,
        Rmsprop,
        Adam,
        Adamw,
    ];
    &[
        ("--rate", RATED),
        ("--decay", RATED),
        ("--batch", RATED),
        ("--epochs", RATED),
        ("--seed", RATED),
        ("--momentum", &[Momentum, Nesterov]),
        ("--beta1", &[Adam, Adamw]),
        ("--beta2", &[Adam, Adamw, Rmsprop]),
        ("--weight-decay", &[Adamw]),
        (
            "--line-search",
            &[SteepestDescent, ConjugateGradient, Bfgs, Lbfgs],
        ),
        ("--bounds", RATED),
        ("--bounds", &[Auto, Lbfgs, ProjectedLbfgs]),
    ]
};

/// The method of the options.
pub fn asked(args: &MethodArgs) -> Method {
    args.method.unwrap_or(Method::GradientDescent)
}

/// Refuses what no method can work with, and options that the method does not use, before anything is read.
pub fn check(args: &MethodArgs) -> Result<(), Failure> {
    let bad = |message: String| Err(Failure::new("bad_option", message));
    let method = asked(args);
    for (option, is_given) in given(args) {
        let rows = USED_BY.iter().filter(|(name, _)| *name == option);
        let users: Vec<Method> = rows.flat_map(|(_, users)| *users).copied().collect();
        if is_given && !users.contains(&method) {
            let message = format!("{option} is not used by {}", name(method));
            let names: Vec<String> = users.iter().map(|m| name(*m)).collect();
            let hint = format!("{option} is for --method {}", names.join(", "));
            return Err(Failure::new("bad_option", message).with_hint(hint));
        }
    }
    if !(args.rate.is_none_or(|rate| rate > 0.0 && rate.is_finite())) {
        return bad("--rate must be a number above 0".into());
    }
    if !(args.tolerance).is_none_or(|tolerance| tolerance >= 0.0 && tolerance.is_finite()) {
        return bad("--tolerance must be a number, 0 or above".into());
    }
    let parts = [
        ("--momentum", args.momentum),
        ("--beta1", args.beta1),
        ("--beta2", args.beta2),
    ];
    for (option, part) in parts {
        if !part.is_none_or(|part| (0.0..1.0).contains(&part)) {
            return bad(format!(
                "{option} must be a number from 0 up to 1, but not 1"
            ));
        }
    }
    if !(args.weight_decay).is_none_or(|decay| decay >= 0.0 && decay.is_finite()) {
        return bad("--weight-decay must be a number, 0 or above".into());
    }
    if args.seed.is_some() && !by_rows(args) {
        let failure = Failure::new(
            "bad_option",
            "--seed is for random rows, of which there are none",
        );
        return Err(failure.with_hint("add --batch, or choose --method sgd"));
    }
    if args.epochs.is_some() && !by_rows(args) {
        let failure = Failure::new(
            "bad_option",
            "--epochs is for random rows, of which there are none",
        );
        return Err(
            failure.with_hint("--max-iterations limits the steps; --batch makes them epochs")
        );
    }
    if method == Method::ProjectedLbfgs && args.bounds.is_empty() {
        let failure = Failure::new("bad_option", "projected-lbfgs needs bounds");
        return Err(failure.with_hint("add --bounds x=0:1, or choose --method lbfgs"));
    }
    if let Some(text) = &args.decay {
        decay::read(text)?;
    }
    Ok(())
}

/// The method for a problem.
pub fn choose(
    args: &MethodArgs,
    goal: &Goal,
    bounds: Option<&Bounds>,
) -> Result<Box<dyn descend::Method>, Failure> {
    let dimension = goal.names.len();
    let method = asked(args);
    let has_matrix = matches!(
        method,
        Method::Bfgs | Method::Newton | Method::LevenbergMarquardt
    );
    if has_matrix && dimension > MAX_MATRIX_DIMENSION {
        let message = format!(
            "{} works with matrices, for up to {MAX_MATRIX_DIMENSION} variables; here are {dimension}",
            name(method)
        );
        let hint = "--method lbfgs and --method newton-cg do without";
        return Err(Failure::new("too_large", message).with_hint(hint));
    }
    let offers = goal.objective.offers();
    let first_order = |rule: Box<dyn Rule>| first_order(rule, args, bounds, goal);
    let rate = args.rate.unwrap_or(GradientDescent::default().rate);
    let adam = || {
        let usual = Adam::default();
        Adam {
            rate,
            beta1: args.beta1.unwrap_or(usual.beta1),
            beta2: args.beta2.unwrap_or(usual.beta2),
            ..usual
        }
    };
    Ok(match method {
        Method::Auto => descend::auto(&*goal.objective, bounds),
        Method::GradientDescent | Method::Sgd => first_order(Box::new(GradientDescent { rate }))?,
        Method::Momentum => {
            let usual = Momentum::default();
            let momentum = args.momentum.unwrap_or(usual.momentum);
            first_order(Box::new(Momentum {
                rate,
                momentum,
                ..usual
            }))?
        }
        Method::Nesterov => {
            let usual = Nesterov::default();
            let momentum = args.momentum.unwrap_or(usual.momentum);
            first_order(Box::new(Nesterov {
                rate,
                momentum,
                ..usual
            }))?
        }
        Method::Adagrad => first_order(Box::new(AdaGrad {
            rate,
            ..AdaGrad::default()
        }))?,
        Method::Rmsprop => {
            let usual = RmsProp::default();
            let beta = args.beta2.unwrap_or(usual.beta);
            first_order(Box::new(RmsProp {
                rate,
                beta,
                ..usual
            }))?
        }
        Method::Adam => first_order(Box::new(adam()))?,
        Method::Adamw => {
            let usual = AdamW::default();
            first_order(Box::new(AdamW {
                adam: adam(),
                weight_decay: args.weight_decay.unwrap_or(usual.weight_decay),
            }))?
        }
        Method::SteepestDescent => Box::new(searched(LineSearch::new(Steepest), args)),
        Method::ConjugateGradient => Box::new(searched(
            LineSearch::new(ConjugateGradient::default()),
            args,
        )),
        Method::Bfgs => Box::new(searched(LineSearch::new(Bfgs::default()), args)),
        Method::Lbfgs | Method::ProjectedLbfgs => match bounds {
            Some(_) if args.line_search.is_some() => {
                let message = "within bounds there is one way to search: along the edge";
                let failure = Failure::new("bad_option", message);
                return Err(failure.with_hint("leave out --line-search"));
            }
            Some(bounds) => Box::new(ProjectedLBfgs::new(bounds.clone())),
            None => Box::new(searched(LineSearch::new(LBfgs::default()), args)),
        },
        Method::Newton if offers.hessian => Box::new(TrustRegion::new(Newton)),
        Method::NewtonCg if offers.hessian_product => Box::new(NewtonCg::default()),
        Method::LevenbergMarquardt if offers.residuals.is_some() => {
            Box::new(TrustRegion::new(LevenbergMarquardt::default()))
        }
        Method::Newton | Method::NewtonCg => {
            let message = format!("there are no second derivatives here for {}", name(method));
            let failure = Failure::new("bad_option", message);
            return Err(failure.with_hint("--method bfgs and --method lbfgs do without"));
        }
        Method::LevenbergMarquardt => {
            let message = "the function is no sum of squares as it is written";
            let hint = "such are (y - a)^2 + 3*(b - c)^2; for others there is --method newton";
            return Err(Failure::new("bad_option", message).with_hint(hint));
        }
    })
}

/// Steps after which to give up; epochs, where rows are chosen at random.
pub fn most_iterations(args: &MethodArgs) -> u64 {
    let usual = match by_rows(args) {
        true => EPOCHS,
        false => MAX_ITERATIONS,
    };
    args.max_iterations.or(args.epochs).unwrap_or(usual)
}

fn by_rows(args: &MethodArgs) -> bool {
    args.batch.is_some() || asked(args) == Method::Sgd
}

fn first_order(
    rule: Box<dyn Rule>,
    args: &MethodArgs,
    bounds: Option<&Bounds>,
    goal: &Goal,
) -> Result<Box<dyn descend::Method>, Failure> {
    let mut method = FirstOrder::of(rule);
    if let Some(text) = &args.decay {
        method = method.with_decay(decay::read(text)?);
    }
    if let Some(bounds) = bounds {
        method = method.with_bounds(bounds.clone());
    }
    if by_rows(args) {
        if goal.objective.offers().rows.is_none() {
            let message =
                "the function is no sum or mean over rows, from which some could be chosen";
            let hint = "random rows need --data; without, there is --method gradient-descent";
            return Err(Failure::new("bad_option", message).with_hint(hint));
        }
        let size = usize::try_from(args.batch.unwrap_or(1)).unwrap_or(usize::MAX);
        method = method.with_batches(Batches::new(size, args.seed.unwrap_or(0)));
    }
    Ok(Box::new(method))
}

fn searched(method: LineSearch, args: &MethodArgs) -> LineSearch {
    match args.line_search {
        None => method,
        Some(LineSearchName::Wolfe) => method.with_search(Search::Wolfe(StrongWolfe::default())),
        Some(LineSearchName::Backtracking) => {
            method.with_search(Search::Backtracking(Backtracking::default()))
        }
    }
}

/// The options of the table, and whether they were given.
fn given(args: &MethodArgs) -> [(&'static str, bool); 11] {
    [
        ("--rate", args.rate.is_some()),
        ("--decay", args.decay.is_some()),
        ("--momentum", args.momentum.is_some()),
        ("--beta1", args.beta1.is_some()),
        ("--beta2", args.beta2.is_some()),
        ("--weight-decay", args.weight_decay.is_some()),
        ("--line-search", args.line_search.is_some()),
        ("--bounds", !args.bounds.is_empty()),
        ("--batch", args.batch.is_some()),
        ("--epochs", args.epochs.is_some()),
        ("--seed", args.seed.is_some()),
    ]
}

/// As it is written on the command line.
fn name(method: Method) -> String {
    use clap::ValueEnum;
    let value = method.to_possible_value();
    value.expect("no method is hidden").get_name().to_owned()
}
