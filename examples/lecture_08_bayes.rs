//! Chapter 8 of the course: what an observation says about hypotheses, and what a treatment does.
//!
//! `cargo run --example lecture_08_bayes`

use gradus::lecture::LectureError;
use gradus::lecture::bayes::{Beta, Confusion, DiagnosticTest, NormalMean, update_all};
use gradus::lecture::causal::{Cell, Names, adjust};

fn main() -> Result<(), LectureError> {
    for false_alarm in [0.01, 0.1] {
        let test = DiagnosticTest {
            sensitivity: 0.99,
            false_alarm,
        };
        for (at, update) in test.positives(0.1, 3)?.iter().enumerate() {
            println!(
                "false alarms {false_alarm}, positive {}: evidence {:.3}, posterior {:.3}",
                at + 1,
                update.evidence,
                update.posterior[0]
            );
        }
    }

    // Three coins, one of them bent; heads, heads, tails.
    let prior = [0.5, 0.25, 0.25];
    let (heads, tails) = (vec![0.5, 0.8, 0.2], vec![0.5, 0.2, 0.8]);
    let last = update_all(&prior, &[heads.clone(), heads, tails])?.pop();
    println!("coins: {:.4?}", last.expect("three updates").posterior);

    let table = Confusion {
        true_positives: 90,
        false_positives: 30,
        false_negatives: 10,
        true_negatives: 870,
    };
    println!(
        "precision {:.3}, recall {:.3}, false alarms {:.3}",
        table.precision()?,
        table.recall()?,
        table.false_alarm()?
    );

    let belief = Beta::new(1.0, 1.0)?.after(7, 3);
    println!(
        "after 7 of 10: {:.4} +- {:.4}",
        belief.mean(),
        belief.variance().sqrt()
    );
    let mean = NormalMean::new(0.0, 10.0)?.after(&[4.9, 5.2, 5.0], 0.3)?;
    println!(
        "after three measurements: {:.4} +- {:.4}",
        mean.mean, mean.deviation
    );

    // Kidney stones (Charig et al., BMJ 292, 1986).
    let counts = [
        ("a", "small", 81.0, 87.0),
        ("a", "large", 192.0, 263.0),
        ("b", "small", 234.0, 270.0),
        ("b", "large", 55.0, 80.0),
    ];
    let cells: Vec<Cell> = (counts.iter())
        .map(|&(treatment, size, good, all)| Cell {
            treatment: treatment.to_owned(),
            stratum: size.to_owned(),
            outcome: good / all,
            count: all,
        })
        .collect();
    let names = Names {
        treatment: "treatment",
        confounder: "size",
    };
    let found = adjust(&cells, names)?;
    for effect in &found.effects {
        println!(
            "treatment {}: raw {:.4}, adjusted {:.4}",
            effect.treatment, effect.raw, effect.adjusted
        );
    }
    assert!(found.is_reversed());
    Ok(())
}
