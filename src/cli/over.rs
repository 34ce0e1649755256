//! Intervals on the command line: `x=-pi:pi`, `-3:3`.

use super::args::PlotArgs;
use super::failure::Failure;
use super::names;
use super::value::Value;

/// An interval of a variable.
pub struct Over {
    /// Its name.
    pub name: String,
    /// Where it begins.
    pub low: f64,
    /// Where it ends.
    pub high: f64,
    /// Was an end written with π?
    pub pi: bool,
}

/// `x=-pi:pi,y=0:1`
pub fn intervals(args: &PlotArgs) -> Result<Vec<Over>, Failure> {
    let given = names::assignments(&args.over, "--over")?;
    if given.len() > 2 {
        let message = format!(
            "--over: a picture has one or two variables, not {}",
            given.len()
        );
        let hint = "give the others a value: --at z=1";
        return Err(Failure::new("bad_option", message).with_hint(hint));
    }
    (given.into_iter())
        .map(|(name, text)| {
            let option = format!("--over {name}");
            let (low, high) = range(&text, &option)?;
            let pi = text.contains("pi") || text.contains('π');
            Ok(Over {
                name,
                low,
                high,
                pi,
            })
        })
        .collect()
}

/// `LOW:HIGH`, in this order, finite, and not empty.
pub fn range(text: &str, option: &str) -> Result<(f64, f64), Failure> {
    let bad =
        |message: String, hint: String| Err(Failure::new("bad_option", message).with_hint(hint));
    let ([low, high], [from, to]) = ends(text, option)?;
    for (text, end) in [(low, from), (high, to)] {
        if !end.is_finite() {
            let message = format!("{option}: the end `{}` is not a finite number", text.trim());
            return bad(
                message,
                "choose an end that can be drawn, such as 1000".into(),
            );
        }
    }
    if from > to {
        let message = format!("{option}: the interval runs backwards, from {from} to {to}");
        return bad(
            message,
            format!("the lower end comes first: {}:{}", high.trim(), low.trim()),
        );
    }
    if from == to {
        let message = format!("{option}: the interval from {from} to {to} is empty");
        return bad(message, "its two ends must differ".into());
    }
    Ok((from, to))
}

/// `LOW:HIGH`: the two texts and what they are worth.
pub fn ends<'t>(text: &'t str, option: &str) -> Result<([&'t str; 2], [f64; 2]), Failure> {
    let ends: Vec<&str> = text.split(':').collect();
    let [low, high] = ends[..] else {
        let message = format!("{option}: `{}` is not of the form LOW:HIGH", text.trim());
        let hint = format!("write {option}=-3:3").replace("--yrange=", "--yrange ");
        return Err(Failure::new("bad_option", message).with_hint(hint));
    };
    let end = |text: &str| Value::read(text, option)?.real("the end", option);
    Ok(([low, high], [end(low)?, end(high)?]))
}
