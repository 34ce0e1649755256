//! A compiled function allocates nothing when it is called: counted by an allocator that counts.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use gradus::program::{Backend, Running};
use gradus::sparse::Method;
use gradus::{Compile, CompileSparse, Derivatives, Graph, compile};

struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: everything is handed on to the system's allocator; counting touches no memory that it manages.
#[allow(unsafe_code)]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.with(|count| count.set(count.get() + 1));
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn allocations(run: impl FnOnce()) -> usize {
    let before = ALLOCATIONS.get();
    run();
    ALLOCATIONS.get() - before
}

#[test]
fn a_call_of_the_interpreter_allocates_nothing() {
    check(Backend::Interpreter);
}

/// But for the one call that makes native code.
#[test]
fn a_call_allocates_nothing_whatever_runs() {
    check(Backend::Auto);
    if cfg!(feature = "native") {
        check(Backend::Native);
        check(Backend::Cranelift);
    }
}

fn check(backend: Backend) {
    let names: Vec<String> = (0..300).map(|i| format!("x_{i}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let terms: Vec<String> = (0..299)
        .map(|i| format!("100*(x_{} - x_{i}^2)^2 + exp(x_{i})", i + 1))
        .collect();
    let graph = Graph::new();
    let f = graph.parse(&terms.join(" + ")).unwrap();
    let g = graph.parse("x_1*log(x_0)").unwrap();
    let first = Compile {
        backend,
        ..Compile::default()
    };
    let large = f.compile_with(&names, first).unwrap();
    let second = Compile {
        derivatives: Derivatives::Second,
        ..first
    };
    let small = compile(&[f, g], &names[..2], second);
    assert!(small.is_err(), "x_2 is missing");
    let small = compile(&[g, g * g], &names[..2], second).unwrap();

    let sparse = |method| {
        let how = CompileSparse {
            method: Some(method),
            backend,
            ..CompileSparse::default()
        };
        f.compile_sparse_hessian(&names, how).unwrap()
    };
    let (entries, compressed) = (sparse(Method::Entries), sparse(Method::Compressed));
    let mut sparse_values = vec![0.0; entries.pattern().len()];

    let point = vec![0.5; 300];
    let (mut gradient, mut values, mut jacobian, mut hessian) =
        (vec![0.0; 300], [0.0; 2], [0.0; 4], [0.0; 8]);
    let mut round = || {
        large.value(&point).unwrap();
        large.gradient(&point, &mut gradient).unwrap();
        small.values(&point[..2], &mut values).unwrap();
        small.jacobian(&point[..2], &mut jacobian).unwrap();
        small.hessian(&point[..2], &mut hessian).unwrap();
        assert!(small.value(&point).is_err());
        entries.evaluate(&point, &mut sparse_values).unwrap();
        compressed.evaluate(&point, &mut sparse_values).unwrap();
    };
    round(); // the scratch of this thread grows once
    if backend == Backend::Auto && cfg!(feature = "native") {
        (0..100_000).for_each(|_| round());
        assert_eq!(large.status().slopes, Some(Running::Native));
        assert_eq!(small.status().curvatures, Some(Running::Native));
    }
    assert_eq!(allocations(|| (0..100).for_each(|_| round())), 0);
    // The counter does count.
    assert_eq!(allocations(|| drop(vec![0u8; 10])), 1);
}
