//! `gradus plot`: curves of one variable, maps of two.

use serde::Serialize;

use super::answer::{Answer, formula_text, singular_note};
use super::args::{PlotArgs, Report};
use super::derive::{Task, derive};
use super::failure::Failure;
use super::names::{self, Assigned};
use super::over::{Over, intervals, range};
use super::picture::Picture;
use super::problem::Problem;
use super::typeset;
use super::value::{Real, Value, number};
use crate::expr::Id;
use crate::numeric::Schedule;
use crate::plot::{self, Curves, Figure, Function, Landscape, PlotError, Scale};
use crate::program::batch::Batch;
use crate::program::{Backend, Program};
use crate::syntax::did_you_mean;

/// The JSON object of the command.
#[derive(Serialize)]
struct Drawn<'a> {
    function: &'a str,
    over: std::collections::BTreeMap<&'a str, [Real; 2]>,
    file: Option<String>,
    width: u32,
    height: u32,
    drawn: bool,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    notes: &'a [String],
}

/// Runs the command.
pub fn run(args: &PlotArgs) -> Result<Answer, Failure> {
    let picture = Picture::open(
        "--out",
        args.out.as_deref(),
        args.size.as_deref(),
        args.format,
    )?;
    let over = intervals(args)?;
    let at: Assigned<f64> = (names::values(&args.at, "--at")?.into_iter())
        .map(|(name, value)| value.real(&name, "--at").map(|x| (name, x)))
        .collect::<Result<_, _>>()?;
    let mut named: Vec<&str> = over.iter().map(|o| o.name.as_str()).collect();
    named.extend(at.iter().map(|(name, _)| name.as_str()));
    let mut problem = Problem::read(&args.expr, &named, &Vec::new())?;
    check(args, &problem, &over, &at)?;
    let given = at.iter().map(|(name, _)| name.as_str());
    problem.note_unused(given, "");
    if !problem.variables.is_empty() {
        problem.note_unused(
            over.iter().map(|o| o.name.as_str()),
            ", which is constant along it",
        );
    }
    let function = formula_text(&problem.arena, &problem.roots, problem.is_list)?;
    let title = title(&function, &at);
    let figure = match &over[..] {
        [x] => curves(args, &mut problem, x, &at, &title)?,
        [x, y] => map(args, &mut problem, (x, y), &at, &title)?,
        _ => unreachable!("checked above"),
    };
    let size = picture.size;
    let drawn = figure.is_ok();
    let out = match figure {
        Ok(figure) => picture.write(&figure)?,
        Err(why) => {
            problem.notes.extend(match why {
                PlotError::Empty => undefined(&problem, &over, &at),
                why => vec![why.to_string()],
            });
            String::new()
        }
    };
    if args.format == Report::Json {
        let ends = |o: &Over| [Real(o.low), Real(o.high)];
        return Ok(Answer {
            unreached: !drawn,
            ..Answer::json(&Drawn {
                function: &function,
                over: over.iter().map(|o| (o.name.as_str(), ends(o))).collect(),
                file: args.out.as_ref().map(|path| path.display().to_string()),
                width: size.width(),
                height: size.height(),
                drawn,
                notes: &problem.notes,
            })
        });
    }
    Ok(Answer {
        out,
        notes: problem.notes,
        unreached: !drawn,
    })
}

/// Options that do not go with the number of variables, and variables without value.
fn check(
    args: &PlotArgs,
    problem: &Problem,
    over: &[Over],
    at: &Assigned<f64>,
) -> Result<(), Failure> {
    let bad = |message: &str, hint: &str| Err(Failure::new("bad_option", message).with_hint(hint));
    match over {
        [_] if args.gradient => {
            return bad(
                "--gradient needs two variables",
                "--derivatives 1 draws the derivative of a function of one variable",
            );
        }
        [_, _] if args.derivatives.is_some() || args.derivative.is_some() => {
            return bad(
                "--derivatives needs one variable",
                "--gradient draws the derivatives by two variables as arrows",
            );
        }
        [_, _] if args.logx || args.logy || args.yrange.is_some() => {
            return bad(
                "--logx, --logy and --yrange are for one variable",
                "write x=10^u and draw over u",
            );
        }
        [_, _] if problem.is_list => {
            return bad(
                "a map shows one formula, not a list",
                "draw them one by one, or over one variable",
            );
        }
        _ => {}
    }
    if let Some(both) = over
        .iter()
        .find(|o| at.iter().any(|(name, _)| *name == o.name))
    {
        let message = format!("`{}` has an interval and a value", both.name);
        return Err(
            Failure::new("bad_option", message).with_hint("leave it out of --over or of --at")
        );
    }
    if args.logx && over[0].low <= 0.0 {
        let message = format!("--logx: the interval begins at {}", number(over[0].low));
        let hint = "a logarithmic axis begins above 0, as x=1e-3:1e3";
        return Err(Failure::new("bad_option", message).with_hint(hint));
    }
    let named = |name: &&str| {
        over.iter().any(|o| o.name == *name) || at.iter().any(|(given, _)| given == name)
    };
    let variables = problem.variable_names();
    let Some(missing) = variables.iter().find(|name| !named(name)) else {
        return Ok(());
    };
    let idle = (over.iter().map(|o| o.name.as_str()))
        .chain(at.iter().map(|(name, _)| name.as_str()))
        .filter(|name| !variables.contains(name));
    let meant = did_you_mean(missing, idle.clone());
    let message = format!("the variable `{missing}` has neither an interval nor a value");
    let hint = match (meant, idle.clone().next()) {
        (Some(meant), _) => format!("did you mean `{missing}` where `{meant}` is given?"),
        (None, Some(idle)) => {
            format!("`{idle}` does not occur in the formula: did you mean `{missing}`?")
        }
        (None, None) => format!("add --at {missing}=1"),
    };
    Err(Failure::new("missing_value", message).with_hint(hint))
}

/// The formula, and the values that were put in.
fn title(function: &str, at: &Assigned<f64>) -> String {
    let formula = typeset::typeset(function);
    if at.is_empty() {
        return formula;
    }
    let values: Vec<String> = (at.iter())
        .map(|(name, x)| typeset::typeset(&format!("{name} = {}", number(*x))))
        .collect();
    format!("{formula},  {}", values.join(", "))
}

/// A formula over columns of the drawn variables, the others being fixed.
struct Columns {
    batch: Batch,
    /// For each variable of the program: which of the drawn ones it is, or its value.
    inputs: Vec<Result<usize, f64>>,
    fixed: Vec<Vec<f64>>,
}

impl Columns {
    fn new(
        problem: &Problem,
        roots: &[Id],
        over: &[&Over],
        at: &Assigned<f64>,
    ) -> Result<Columns, Failure> {
        let options = Backend::Auto.options();
        let program = Program::new(&problem.arena, roots, &problem.variables, options)?;
        let batch = Batch::new(&program)
            .map_err(|error| Failure::new("needs_complex", error.to_string()))?;
        let inputs: Vec<Result<usize, f64>> = (problem.variable_names().iter())
            .map(|name| match over.iter().position(|o| o.name == *name) {
                Some(k) => Ok(k),
                None => Err(value_of(at, name)),
            })
            .collect();
        Ok(Columns {
            batch,
            fixed: vec![Vec::new(); inputs.len()],
            inputs,
        })
    }

    fn run(&mut self, columns: &[&[f64]], outputs: &mut [&mut [f64]]) {
        let points = columns[0].len();
        for (input, fixed) in self.inputs.iter().zip(&mut self.fixed) {
            if let Err(value) = input {
                fixed.resize(points, *value);
            }
        }
        let inputs: Vec<&[f64]> = (self.inputs.iter().zip(&self.fixed))
            .map(|(input, fixed)| match input {
                Ok(k) => columns[*k],
                Err(_) => &fixed[..points],
            })
            .collect();
        let done = self.batch.run(&inputs, outputs);
        done.expect("columns of one length, as many as there are variables");
    }
}

fn value_of(at: &Assigned<f64>, name: &str) -> f64 {
    let found = at.iter().find(|(given, _)| given == name);
    found.expect("every variable has a value").1
}

/// A figure, or why there is nothing to draw, which is no failure.
type Composed = Result<Figure, PlotError>;

/// Tells what is no failure from options that are wrong.
fn unless_refused(figure: Composed, over: &str) -> Result<Composed, Failure> {
    let option = match figure {
        Err(PlotError::Values) => "--yrange",
        Err(PlotError::Interval | PlotError::Log | PlotError::Size) => over,
        Ok(_) | Err(PlotError::Empty | PlotError::Outside | PlotError::NotPositive) => {
            return Ok(figure);
        }
    };
    figure
        .map_err(|error| Failure::new("bad_option", format!("{option}: {error}")))
        .map(Ok)
}

fn curves(
    args: &PlotArgs,
    problem: &mut Problem,
    x: &Over,
    at: &Assigned<f64>,
    title: &str,
) -> Result<Composed, Failure> {
    let orders: Vec<u32> = match (args.derivatives, args.derivative) {
        (Some(last), _) => (0..=last).collect(),
        (_, Some(only)) => vec![only],
        _ => vec![0],
    };
    let count = problem.roots.len();
    let symbol = problem.symbol(&x.name);
    let mut by_order: Vec<Vec<Id>> = Vec::new();
    for &order in &orders {
        by_order.push(match order {
            0 => problem.roots.clone(),
            order => derive(problem, &Task::Each(order), &[symbol], true)?.simple,
        });
    }
    let (mut texts, mut functions) = (Vec::new(), Vec::new());
    for k in 0..count {
        for (&order, roots) in orders.iter().zip(&by_order) {
            let root = roots[k];
            let formula = formula_text(&problem.arena, &[root], false)?;
            let formula = typeset::typeset(&formula);
            let index = match count {
                1 => String::new(),
                _ => typeset::name(&format!("f{}", k + 1))[1..].to_owned(),
            };
            texts.push(match orders[..] {
                [0] => formula,
                _ => format!("f{index}{} = {formula}", primes(order)),
            });
            functions.push(Columns::new(problem, &[root], &[x], at)?);
        }
    }
    let title = match (args.derivative, &texts[..]) {
        (Some(_), [only]) => only.clone(),
        _ => title.to_owned(),
    };
    let mut closures: Vec<_> = (functions.iter_mut())
        .map(|columns| |x: &[f64], y: &mut [f64]| columns.run(&[x], &mut [y]))
        .collect();
    let mut drawn: Vec<Function> = (closures.iter_mut().zip(texts))
        .map(|(values, name)| Function { name, values })
        .collect();
    let how = Curves {
        x: typeset::name(&x.name),
        y: String::new(),
        x_scale: match (args.logx, x.pi) {
            (true, _) => Scale::Log,
            (false, true) => Scale::Pi,
            (false, false) => Scale::Linear,
        },
        y_scale: if args.logy { Scale::Log } else { Scale::Linear },
        y_range: (args.yrange.as_deref())
            .map(|text| range(text, "--yrange"))
            .transpose()?,
    };
    if let (true, Some((low, _))) = (args.logy, how.y_range)
        && low <= 0.0
    {
        let message = "--yrange: a logarithmic axis begins above 0";
        return Err(Failure::new("bad_option", message).with_hint("write --yrange 1e-3:1e3"));
    }
    let figure = plot::curves(&title, &mut drawn, (x.low, x.high), &how);
    unless_refused(figure, &format!("--over {}", x.name))
}

/// What a derivative of this order is marked with.
fn primes(order: u32) -> String {
    match order {
        0..=3 => ["", "′", "″", "‴"][order as usize].to_owned(),
        n => format!("⁽{}⁾", typeset::typeset(&format!("^{n}"))),
    }
}

fn map(
    args: &PlotArgs,
    problem: &mut Problem,
    (x, y): (&Over, &Over),
    at: &Assigned<f64>,
    title: &str,
) -> Result<Composed, Failure> {
    let root = problem.roots[0];
    let over = [x, y];
    let mut heights = Columns::new(problem, &[root], &over, at)?;
    let mut slopes = match args.gradient {
        true => {
            let by = over.map(|o| problem.symbol(&o.name));
            let gradient = derive(problem, &Task::Each(1), &by, false)?.raw;
            Some(Columns::new(problem, &gradient, &over, at)?)
        }
        false => None,
    };
    let mut values = |x: &[f64], y: &[f64], z: &mut [f64]| heights.run(&[x, y], &mut [z]);
    let mut gradient = slopes.as_mut().map(|slopes| {
        |x: &[f64], y: &[f64], by_x: &mut [f64], by_y: &mut [f64]| {
            slopes.run(&[x, y], &mut [by_x, by_y]);
        }
    });
    let mut how = Landscape {
        x: typeset::name(&x.name),
        y: typeset::name(&y.name),
        lowest: None,
        gradient: match &mut gradient {
            Some(gradient) => Some(gradient),
            None => None,
        },
    };
    let ends = |o: &Over| (o.low, o.high);
    let figure = plot::landscape(title, &mut values, ends(x), ends(y), &mut how);
    unless_refused(figure, &format!("--over {},{}", x.name, y.name))
}

/// Why there is nothing to draw.
fn undefined(problem: &Problem, over: &[Over], at: &Assigned<f64>) -> Vec<String> {
    let places: Vec<String> = (over.iter())
        .map(|o| format!("{} = {} to {}", o.name, number(o.low), number(o.high)))
        .collect();
    let first = format!(
        "nothing was drawn: no value is finite for {}",
        places.join(", ")
    );
    let point: Vec<Value> = (problem.variable_names().iter())
        .map(|name| match over.iter().find(|o| o.name == *name) {
            Some(o) => Value::Real(o.low / 2.0 + o.high / 2.0),
            None => Value::Real(value_of(at, name)),
        })
        .collect();
    let schedule = Schedule::new(&problem.arena, &problem.roots, &problem.variables).ok();
    let why = schedule.and_then(|s| singular_note(&problem.arena, &s, &point));
    [first].into_iter().chain(why).collect()
}
