use wasmtime::{Caller, Engine, Error, Extern, Linker, Module, Result, Store};

/// Asks the policy module, `policy.wasm`, about `{"request": …, "settings": …}`.
pub fn validate(module: &str, payload: &'static [u8]) -> Result<String> {
    let engine = Engine::default();
    let module = Module::from_file(&engine, module)?;
    let mut linker = Linker::<Vec<u8>>::new(&engine);
    linker.func_wrap(
        "wapc",
        "__guest_request",
        move |mut caller: Caller<'_, _>, operation: u32, request: u32| {
            let memory = caller.get_export("memory").and_then(Extern::into_memory);
            let memory = memory.ok_or_else(|| Error::msg("no memory"))?;
            memory.write(&mut caller, operation as usize, b"validate")?;
            Ok(memory.write(&mut caller, request as usize, payload)?)
        },
    )?;
    linker.func_wrap(
        "wapc",
        "__guest_response",
        |mut caller: Caller<'_, Vec<u8>>, start: u32, length: u32| {
            let memory = caller.get_export("memory").and_then(Extern::into_memory);
            let memory = memory.ok_or_else(|| Error::msg("no memory"))?;
            let mut answer = vec![0; length as usize];
            memory.read(&caller, start as usize, &mut answer)?;
            *caller.data_mut() = answer;
            Ok(())
        },
    )?;
    linker.define_unknown_imports_as_traps(&module)?;
    let mut store = Store::new(&engine, Vec::new());
    let guest = linker.instantiate(&mut store, &module)?;
    let guest = guest.get_typed_func::<(u32, u32), u32>(&mut store, "__guest_call")?;
    guest.call(&mut store, (8, u32::try_from(payload.len())?))?;
    Ok(String::from_utf8_lossy(store.data()).into_owned())
}
