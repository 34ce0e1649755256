//! `gradus fit`

mod picture;
mod predict;
mod refuse;
mod report;
mod table;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::answer::Answer;
use super::args::{FitArgs, LossName, Report};
use super::bounds;
use super::failure::Failure;
use super::interrupt;
use super::names;
use super::paths;
use super::problem;
use super::trace::TraceFile;
use super::value::Value;
use crate::convenience::{MOST_DECIMAL_ROWS, ModelError, Reading, starts};
use crate::descend::Iteration;
use crate::fit::{self, Data, Ended, LinearFit, Loss, Options};
use crate::syntax::RESERVED_NAMES;
use refuse::{bad_start, failure, misplaced, refused};
use table::Table;

/// Runs the command.
pub fn run(args: &FitArgs) -> Result<Answer, Failure> {
    let bad = |message: &str| Err(Failure::new("bad_option", message));
    if !(args.confidence > 0.0 && args.confidence < 1.0) {
        return bad("--confidence must be a number between 0 and 1, such as 0.95");
    }
    if args.profile && args.loss != LossName::Squares {
        return bad("--profile compares sums of squares, and --loss has others");
    }
    if args.model == "-" && args.data() == Path::new("-") {
        return bad("the model and the table cannot both come from standard input");
    }
    let text = problem::text(&args.model)?;
    let mut table = Table::open(args)?;
    let start = real(names::values(&args.start, "--start")?, "--start")?;
    let bounds = bounds::read(&args.bounds)?;
    let fixed = names::assignments(&args.fix, "--fix")?;
    let target = (args.target.as_deref())
        .map(|name| names::name(name, "--target"))
        .transpose()?;
    if let Some(target) = &target {
        table.column(target, "--target")?;
    }
    let known: Vec<&str> = (start.iter().map(|(name, _)| name.as_str()))
        .chain(bounds.iter().map(|(name, _)| name.as_str()))
        .chain(fixed.iter().map(|(name, _)| name.as_str()))
        .collect();
    let fixed: Vec<(&str, &str)> = (fixed.iter())
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    let reading = Reading::new(&text, target.as_deref(), &table.names(), &known, &fixed);
    let mut reading = reading.map_err(|error| failure(error, &text, &table, args))?;
    let model = (reading.model()).map_err(|error| failure(error, &text, &table, args))?;
    let parameters: Vec<String> = own(reading.parameter_names());
    let place = |error: ModelError, option: &str| misplaced(error, option, &parameters);
    let names: Vec<&str> = parameters.iter().map(String::as_str).collect();
    let given = |pairs: &[(String, f64)]| {
        let pairs: Vec<(&str, f64)> = pairs.iter().map(|(n, x)| (n.as_str(), *x)).collect();
        starts(&names, &table.names(), &pairs)
    };
    let start = given(&start).map_err(|error| place(error, "--start"))?;
    let pairs: Vec<(&str, (f64, f64))> = bounds.iter().map(|(n, b)| (n.as_str(), *b)).collect();
    let bounds: Vec<(f64, f64)> = starts(&names, &table.names(), &pairs)
        .map_err(|error| place(error, "--bounds"))?
        .into_iter()
        .map(|bound| bound.unwrap_or((f64::NEG_INFINITY, f64::INFINITY)))
        .collect();

    let inputs = reading.columns.iter();
    let inputs = inputs.map(|&s| reading.arena.symbol_name(s).to_owned());
    let points = predict::Points::read(&args.predict, inputs.collect())?;

    // Paths that cannot be written are known before the work.
    let outputs = [
        ("--out", args.out.as_deref()),
        ("--trace", args.trace.as_deref()),
        ("--plot", args.picture.plot.as_deref()),
    ];
    paths::distinct(Some(args.data()), &outputs)?;
    let mut trace = match &args.trace {
        None => None,
        Some(path) => Some(TraceFile::create(path, &own(names.clone()))?),
    };
    let out = table::Residuals::create(args)?;
    let drawing = picture::open(args)?;
    let weights = args.weights.as_deref().map(|name| (name, "--weights"));
    let weights = weights.or(args.sigma.as_deref().map(|name| (name, "--sigma")));
    let of_model = own(reading.column_names());
    table.choose(&of_model, weights)?;

    let interrupt = Arc::new(AtomicBool::new(false));
    interrupt::sets(&interrupt);
    let options = Options {
        tolerance: args.tolerance,
        max_iterations: args.max_iterations,
        bounds: Some(&bounds),
        loss: match args.loss {
            LossName::Squares => Loss::Squares,
            LossName::Huber => Loss::Huber(args.loss_scale),
            LossName::SoftL1 => Loss::SoftL1(args.loss_scale),
            LossName::Cauchy => Loss::Cauchy(args.loss_scale),
        },
        ridge: args.ridge,
        known_errors: args.absolute_sigma,
        interrupt: Some(&interrupt),
        ..Options::default()
    };
    let stream = match args.out.is_none() && !args.profile && drawing.is_none() {
        true => LinearFit::new(&model, &options).ok(),
        false => None,
    };
    let all_here = table.read(stream.is_some())?;
    let mut part = Part::new(&reading, &table, args, &text)?;
    let mut interrupted = false;
    let fit = match stream {
        Some(mut stream) if !all_here => {
            while !interrupted {
                let added = stream.add(&part.data(&columns(&reading, &table)));
                added.map_err(|error| refused(error, &reading, &table, &parameters, args))?;
                interrupted = interrupt.load(Ordering::Relaxed);
                if !table.read_on()? {
                    break;
                }
                part = Part::new(&reading, &table, args, &text)?;
            }
            stream.finish()
        }
        _ => {
            let columns = columns(&reading, &table);
            fit::fit(
                &model,
                &part.data(&columns),
                &start,
                &options,
                &mut |step| {
                    if let Some(trace) = &mut trace {
                        trace.row(&Iteration {
                            number: step.number,
                            point: step.parameters,
                            value: step.objective,
                            gradient_norm: step.gradient_norm,
                        });
                    }
                },
            )
        }
    };
    let fit = fit.map_err(|error| refused(error, &reading, &table, &parameters, args))?;
    let columns = columns(&reading, &table);
    let data = part.data(&columns);
    if fit.ended == Ended::BadStart {
        return Err(bad_start(&reading, &model, &data, &fit, &table));
    }
    if let Some(trace) = trace {
        trace.finish()?;
    }
    if let Some(out) = out {
        out.write(&model, &data, &fit, &reading, &table)?;
    }
    let mut notes: Vec<String> = reading.notes.iter().map(|n| n.message.clone()).collect();
    let mut profiles: Vec<(f64, f64)> = Vec::new();
    let mut is_cut_short = false;
    if args.profile && fit.converged() {
        profiles.extend(
            (0..parameters.len())
                .map(|k| fit::profile_interval(&model, &data, &fit, k, args.confidence, &options)),
        );
        // What an interrupted search has found is no end of an interval.
        is_cut_short = interrupt.load(Ordering::Relaxed);
        if is_cut_short {
            profiles.clear();
            notes.push("interrupted: there are no profile intervals".to_owned());
        }
    } else if args.profile {
        notes.push("there are no profile intervals around a point that is no minimum".to_owned());
    }
    notes.extend(table.notes());
    for name in reading.column_names() {
        if RESERVED_NAMES.contains(&name) {
            notes.push(format!("`{name}` is the column here, not the number"));
        }
    }
    if interrupted {
        notes.push(format!(
            "interrupted: the fit is to the first {} rows",
            table.rows_read()
        ));
    }
    if reading.columns.is_empty() {
        notes.push(format!(
            "the model contains no column of {}; {}",
            table.file(),
            table.listed()
        ));
    }
    notes.extend(report::warnings(&fit, &parameters));
    if args.loss != LossName::Squares {
        notes.push(
            "R^2, AIC and BIC are of the plain sum of squares, which is not what was made small"
                .to_owned(),
        );
    }
    if weights.is_some() && !args.predict.is_empty() {
        let note = "an observation is predicted as one of weight 1: see --sigma and --weights";
        notes.push(note.to_owned());
    }
    let mut drawn = String::new();
    if let Some(place) = drawing {
        match picture::draw(place, &model, &data, &fit, &reading, args.confidence)? {
            Ok(text) => drawn = text,
            Err(note) => notes.push(note),
        }
    }
    let model_text = report::model_text(&reading)?;
    let unreached = interrupted || is_cut_short || !fit.converged() || !fit.undetermined.is_empty();
    let predictions = points.predictions(&model, &fit, args.confidence);
    let report = report::Report {
        model: &model_text,
        names: &parameters,
        fit: &fit,
        confidence: args.confidence,
        fixed: &fixed,
        profiles: &profiles,
        predictions: &predictions,
        notes: &notes,
    };
    Ok(match args.format {
        Report::Json => Answer {
            unreached,
            ..Answer::json(&report.json())
        },
        Report::Text => Answer {
            out: report.text() + &drawn,
            unreached,
            notes,
        },
    })
}

/// What is computed from the rows that are here.
struct Part {
    response: Vec<f64>,
    tail: Option<Vec<f64>>,
    weights: Option<Vec<f64>>,
    decimal: bool,
}

impl Part {
    fn new(reading: &Reading, table: &Table, args: &FitArgs, text: &str) -> Result<Part, Failure> {
        let columns: Vec<&[f64]> = (reading.response_columns.iter())
            .map(|&s| table.values(reading.arena.symbol_name(s)))
            .collect();
        let decimal = table.rows() <= MOST_DECIMAL_ROWS;
        let (response, tail) = (reading.response(&columns, decimal))
            .map_err(|error| failure(error, text, table, args))?;
        Ok(Part {
            response,
            tail,
            weights: table.weights(args)?,
            decimal,
        })
    }

    fn data<'a>(&'a self, columns: &'a [&'a [f64]]) -> Data<'a> {
        Data {
            weights: self.weights.as_deref(),
            decimal: self.decimal,
            response_tail: self.tail.as_deref(),
            ..Data::new(columns, &self.response)
        }
    }
}

/// The columns of the model.
fn columns<'t>(reading: &Reading, table: &'t Table) -> Vec<&'t [f64]> {
    (reading.columns.iter())
        .map(|&s| table.values(reading.arena.symbol_name(s)))
        .collect()
}

fn own(names: Vec<&str>) -> Vec<String> {
    names.into_iter().map(str::to_owned).collect()
}

fn real(given: names::Assigned<Value>, option: &str) -> Result<names::Assigned<f64>, Failure> {
    (given.into_iter())
        .map(|(name, value)| {
            let x = value.real(&name, option)?;
            Ok((name, x))
        })
        .collect()
}
