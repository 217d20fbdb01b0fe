//! A host for the policy module: waPC on wasmtime, a fresh instance for each call, as Kubewarden's policy server has it.

use std::path::Path;

use anyhow::{Context as _, Result, anyhow, bail, ensure};
use wasmtime::{
    Caller, Config, Enabled, Engine, Extern, InstanceAllocationStrategy, InstancePre, Linker, Memory, Module,
    PoolingAllocationConfig, Store,
};

/// Calls at once.
const INSTANCES: u32 = 8;

/// Bytes that one call may use: the tests send grants of 10,000 names.
const MEMORY_MAX: usize = 512 << 20;

/// Bytes of a memory that stay in the pool between two calls.
const RESIDENT: usize = 2 << 20;

/// Answers what the module asks of Kubernetes: operation and payload in, answer or error out.
pub type Cluster = fn(&str, &str) -> Result<String, String>;

/// The module, compiled once.
pub struct Policy {
    engine: Engine,
    instance: InstancePre<Call>,
}

/// One call.
struct Call {
    operation: String,
    payload: Vec<u8>,
    cluster: Cluster,
    response: Option<Vec<u8>>,
    error: Option<Vec<u8>>,
    host_response: Vec<u8>,
    host_error: Vec<u8>,
}

impl Policy {
    /// Compiles a module, and gives it waPC's functions and nothing else.
    pub fn load(path: &Path) -> Result<Self> {
        let mut pool = PoolingAllocationConfig::default();
        pool.total_core_instances(INSTANCES).total_memories(INSTANCES).total_tables(INSTANCES);
        pool.max_memory_size(MEMORY_MAX).linear_memory_keep_resident(RESIDENT);
        // Only pages that a call wrote are put back, where the kernel can tell which.
        pool.pagemap_scan(Enabled::Auto);
        let mut config = Config::new();
        config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
        let engine = Engine::new(&config).map_err(|error| anyhow!("{error}"))?;
        let module =
            Module::from_file(&engine, path).map_err(|error| anyhow!("{}: {error}", path.display()))?;
        let mut linker: Linker<Call> = Linker::new(&engine);
        link(&mut linker).map_err(|error| anyhow!("{error}"))?;
        let instance = linker.instantiate_pre(&module).map_err(|error| anyhow!("{error}"))?;
        Ok(Self { engine, instance })
    }

    /// Calls an operation.
    ///
    /// # Errors
    /// What the module says, or how it stopped.
    pub fn call(&self, operation: &str, payload: &[u8], cluster: Cluster) -> Result<String> {
        let lengths = (i32::try_from(operation.len())?, i32::try_from(payload.len())?);
        let call = Call {
            operation: operation.to_owned(),
            payload: payload.to_vec(),
            cluster,
            response: None,
            error: None,
            host_response: Vec::new(),
            host_error: Vec::new(),
        };
        let mut store = Store::new(&self.engine, call);
        let mut run = || -> wasmtime::Result<i32> {
            let instance = self.instance.instantiate(&mut store)?;
            instance.get_typed_func::<(), ()>(&mut store, "wapc_init")?.call(&mut store, ())?;
            let guest = instance.get_typed_func::<(i32, i32), i32>(&mut store, "__guest_call")?;
            guest.call(&mut store, lengths)
        };
        let answered = run().map_err(|error| anyhow!("the module stopped: {error:?}"))?;
        let call = store.into_data();
        if let Some(error) = call.error {
            bail!("{}", String::from_utf8_lossy(&error));
        }
        ensure!(answered == 1, "the module gave {answered} and no error");
        String::from_utf8(call.response.context("the module gave no answer")?)
            .context("the answer is no UTF-8")
    }
}

type Guest<'c> = Caller<'c, Call>;

fn memory(caller: &mut Guest<'_>) -> wasmtime::Result<Memory> {
    match caller.get_export("memory") {
        Some(Extern::Memory(memory)) => Ok(memory),
        _ => Err(wasmtime::Error::msg("the module exports no memory")),
    }
}

/// Bytes of the module; where they are not all its own the call ends.
fn bytes(caller: &mut Guest<'_>, at: i32, length: i32) -> wasmtime::Result<Vec<u8>> {
    let (at, length) = (usize::try_from(at.cast_unsigned())?, usize::try_from(length.cast_unsigned())?);
    let memory = memory(caller)?;
    let found = memory.data(&*caller).get(at..).and_then(|rest| rest.get(..length));
    found.map(<[u8]>::to_vec).ok_or_else(|| wasmtime::Error::msg("an address outside the module's memory"))
}

fn put(caller: &mut Guest<'_>, at: i32, bytes: &[u8]) -> wasmtime::Result<()> {
    let memory = memory(caller)?;
    Ok(memory.write(caller, usize::try_from(at.cast_unsigned())?, bytes)?)
}

/// waPC's functions.
///
/// Source: wapc-rs, `wapc/src/wapc_functions.rs`.
fn link(linker: &mut Linker<Call>) -> wasmtime::Result<()> {
    const WAPC: &str = "wapc";
    linker.func_wrap(WAPC, "__guest_request", |mut caller: Guest<'_>, operation: i32, payload: i32| {
        let call = caller.data();
        let (name, body) = (call.operation.clone(), call.payload.clone());
        put(&mut caller, operation, name.as_bytes())?;
        put(&mut caller, payload, &body)
    })?;
    linker.func_wrap(WAPC, "__guest_response", |mut caller: Guest<'_>, at: i32, length: i32| {
        let found = bytes(&mut caller, at, length)?;
        caller.data_mut().response = Some(found);
        wasmtime::Result::Ok(())
    })?;
    linker.func_wrap(WAPC, "__guest_error", |mut caller: Guest<'_>, at: i32, length: i32| {
        let found = bytes(&mut caller, at, length)?;
        caller.data_mut().error = Some(found);
        wasmtime::Result::Ok(())
    })?;
    linker.func_wrap(WAPC, "__host_call", host_call)?;
    linker
        .func_wrap(WAPC, "__host_response_len", |caller: Guest<'_>| length(&caller.data().host_response))?;
    linker.func_wrap(WAPC, "__host_error_len", |caller: Guest<'_>| length(&caller.data().host_error))?;
    linker.func_wrap(WAPC, "__host_response", |mut caller: Guest<'_>, at: i32| {
        let answer = caller.data().host_response.clone();
        put(&mut caller, at, &answer)
    })?;
    linker.func_wrap(WAPC, "__host_error", |mut caller: Guest<'_>, at: i32| {
        let error = caller.data().host_error.clone();
        put(&mut caller, at, &error)
    })?;
    Ok(())
}

fn length(bytes: &[u8]) -> wasmtime::Result<i32> {
    Ok(i32::try_from(bytes.len())?)
}

#[allow(clippy::too_many_arguments, reason = "waPC's own: four texts, each with its length")]
fn host_call(
    mut caller: Guest<'_>,
    binding: i32,
    binding_length: i32,
    namespace: i32,
    namespace_length: i32,
    operation: i32,
    operation_length: i32,
    payload: i32,
    payload_length: i32,
) -> wasmtime::Result<i32> {
    let mut text =
        |at, length| -> wasmtime::Result<String> { Ok(String::from_utf8(bytes(&mut caller, at, length)?)?) };
    let (binding, namespace) = (text(binding, binding_length)?, text(namespace, namespace_length)?);
    let (operation, payload) = (text(operation, operation_length)?, text(payload, payload_length)?);
    let answer = match (binding.as_str(), namespace.as_str()) {
        ("kubewarden", "kubernetes") => (caller.data().cluster)(&operation, &payload),
        other => Err(format!("there is no {other:?}")),
    };
    let call = caller.data_mut();
    Ok(match answer {
        Ok(answer) => {
            call.host_response = answer.into_bytes();
            1
        }
        Err(error) => {
            call.host_error = error.into_bytes();
            0
        }
    })
}
