//! A descent that is written down and continued goes on as if nothing had been.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use gradus::descend::{
    Descent, Memory, MemoryError, Objective, Outcome, Snapshot, Stop, StopReason,
};

use crate::common::{
    BY_CURVATURE, BY_GRADIENTS, BY_ROWS, CHAIN, CHAIN_NAMES, CHAIN_START, FIRST_ORDER, Line, Make,
    formula,
};

/// Every point on the way, the values and norms included, as bits.
type Path = Vec<Vec<u64>>;

fn keep(path: &mut Path) -> impl FnMut(&gradus::descend::Iteration<'_>) {
    |i| {
        let mut row: Vec<u64> = vec![i.number, i.value.to_bits(), i.gradient_norm.to_bits()];
        row.extend(i.point.iter().map(|x| x.to_bits()));
        path.push(row);
    }
}

fn limited(most: u64, tolerance: f64) -> Stop<'static> {
    Stop {
        tolerance,
        max_iterations: most,
        interrupt: None,
    }
}

/// At once, and in two parts with everything made anew between them.
fn both(
    name: &str,
    make: Make,
    objective: &dyn Fn() -> Box<dyn Objective>,
    start: &[f64],
    (cut, most): (u64, u64),
    tolerance: f64,
) -> Outcome {
    let mut whole = Path::new();
    let (mut f, mut method) = (objective(), make());
    let end = Descent::new(&mut *f, &mut *method, start)
        .run(&limited(most, tolerance), &mut keep(&mut whole));

    let mut parts = Path::new();
    let (mut f, mut method) = (objective(), make());
    let mut descent = Descent::new(&mut *f, &mut *method, start);
    descent.run(&limited(cut, tolerance), &mut keep(&mut parts));
    let snapshot = descent.snapshot();
    let (mut f, mut method) = (objective(), make());
    let mut descent = Descent::resume(&mut *f, &mut *method, snapshot.clone())
        .unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(descent.snapshot().at, snapshot.at, "{name}");
    let continued = descent.run(&limited(most, tolerance), &mut keep(&mut parts));
    assert_eq!(continued, end, "{name}");
    assert!(whole == parts, "{name}: the paths differ");
    end
}

#[test]
fn every_method_continues_bit_for_bit() {
    let objective = || -> Box<dyn Objective> { Box::new(formula(CHAIN, &CHAIN_NAMES)) };
    for (name, make) in FIRST_ORDER {
        let end = both(name, *make, &objective, &CHAIN_START, (400, 1000), 0.0);
        assert_eq!(end.iterations, 1000, "{name}");
    }
    for (name, make) in BY_GRADIENTS.iter().chain(BY_CURVATURE) {
        // Cut early, in the middle, and one step later, whatever is remembered by then; the last ones may be at the end.
        for cut in [1, 2, 5, 8, 9] {
            let end = both(name, *make, &objective, &CHAIN_START, (cut, 60), 1e-9);
            assert!(end.iterations >= 4, "{name}: {end:?}");
        }
    }
}

#[test]
fn random_rows_continue_bit_for_bit() {
    let objective = || -> Box<dyn Objective> { Box::new(Line::new(40)) };
    for (name, make) in BY_ROWS {
        for cut in [0, 1, 7] {
            both(name, *make, &objective, &[0.0, 0.0], (cut, 20), 0.0);
        }
    }
}

/// Interrupted in the middle of an epoch.
#[test]
fn an_epoch_continues_where_it_was_left() {
    for (name, make) in BY_ROWS {
        let (mut f, mut method) = (Line::new(40), make());
        let end =
            Descent::new(&mut f, &mut *method, &[0.0, 0.0]).run(&limited(5, 0.0), &mut |_| ());
        for batches in [1, 6, 8, 15] {
            let flag = Arc::new(AtomicBool::new(false));
            let mut f = Line::new(40);
            let raised = Arc::clone(&flag);
            f.on_batch = Box::new(move |count| raised.store(count == batches, Ordering::Relaxed));
            let mut method = make();
            let mut descent = Descent::new(&mut f, &mut *method, &[0.0, 0.0]);
            let stop = Stop {
                interrupt: Some(&flag),
                ..limited(5, 0.0)
            };
            let part = descent.run(&stop, &mut |_| ());
            assert_eq!(part.stop_reason, StopReason::Interrupted, "{name}");
            assert_eq!(part.iterations, batches / 6, "{name}");
            let snapshot = descent.snapshot();
            let (mut f, mut method) = (Line::new(40), make());
            let continued = Descent::resume(&mut f, &mut *method, snapshot)
                .expect("a snapshot of it")
                .run(&limited(5, 0.0), &mut |_| ());
            assert_eq!(continued, end, "{name} after {batches}");
        }
    }
}

/// A snapshot of a few steps.
fn snapshot(make: Make) -> Snapshot {
    let (mut f, mut method) = (formula(CHAIN, &CHAIN_NAMES), make());
    let mut descent = Descent::new(&mut f, &mut *method, &CHAIN_START);
    descent.run(&limited(3, 0.0), &mut |_| ());
    descent.snapshot()
}

fn resumed(make: Make, snapshot: Snapshot) -> Option<MemoryError> {
    let (mut f, mut method) = (formula(CHAIN, &CHAIN_NAMES), make());
    Descent::resume(&mut f, &mut *method, snapshot).err()
}

#[test]
fn what_is_damaged_is_refused() {
    for (name, make) in FIRST_ORDER.iter().chain(BY_GRADIENTS).chain(BY_CURVATURE) {
        let good = snapshot(*make);
        assert_eq!(resumed(*make, good.clone()), None, "{name}");
        let mut other = good.clone();
        other.method = "somebody".into();
        assert!(matches!(
            resumed(*make, other),
            Some(MemoryError::OtherMethod { .. })
        ));
        // Every list is needed.
        for list in good.memory.lists.keys() {
            let mut cut = good.clone();
            cut.memory.lists.remove(list);
            let error = resumed(*make, cut);
            assert!(
                matches!(error, Some(MemoryError::Missing { .. })),
                "{name} without {list}: {error:?}"
            );
        }
    }
    // No method takes what is not its own.
    let mut strange = snapshot(FIRST_ORDER[5].1);
    strange.memory = Memory::default();
    assert!(resumed(FIRST_ORDER[5].1, strange).is_some());
}

#[test]
fn damaged_lists_are_refused() {
    for (list, bad) in [
        ("inverse_hessian", vec![1.0; 15]),
        ("last", vec![]),
        ("idle", vec![0.5]),
        ("idle", vec![f64::NAN]),
        ("idle", vec![-1.0]),
    ] {
        let make = BY_GRADIENTS[3].1;
        let mut snapshot = snapshot(make);
        snapshot.memory.lists.insert(list.into(), bad);
        assert!(resumed(make, snapshot).is_some(), "{list}");
    }
    let make = BY_GRADIENTS[5].1;
    let mut snapshot = snapshot(make);
    snapshot
        .memory
        .lists
        .insert("changes_remembered".into(), vec![1.0; 3]);
    assert!(resumed(make, snapshot).is_some());
}
