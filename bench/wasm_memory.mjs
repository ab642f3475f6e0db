// The real size of every wasm memory of a page's workers, asked of the browser and not of the page.

/** Bytes of each worker's memory. */
export async function wasmMemory(page) {
  const session = await page.context().newCDPSession(page);
  try {
    const { targetInfo: own } = await session.send("Target.getTargetInfo");
    const { targetInfos } = await session.send("Target.getTargets", { filter: [{ type: "worker" }] });
    const workers = targetInfos.filter((target) => target.browserContextId === own.browserContextId);
    return await Promise.all(workers.map((worker) => memoryOf(session, worker.targetId)));
  } finally {
    await session.detach();
  }
}

async function memoryOf(session, targetId) {
  const { sessionId } = await session.send("Target.attachToTarget", { targetId, flatten: false });
  const call = caller(session, sessionId);
  const { result: prototype } = await call("Runtime.evaluate", { expression: "WebAssembly.Memory.prototype" });
  const { objects } = await call("Runtime.queryObjects", { prototypeObjectId: prototype.objectId });
  const { result } = await call("Runtime.callFunctionOn", {
    objectId: objects.objectId,
    functionDeclaration: "function () { return [...this].reduce((sum, memory) => sum + memory.buffer.byteLength, 0); }",
    returnByValue: true,
  });
  await session.send("Target.detachFromTarget", { sessionId });
  return result.value;
}

/** Sends commands to a target inside a session that carries them as text. */
function caller(session, sessionId) {
  let last = 0;
  return (method, params) =>
    new Promise((done, fail) => {
      const id = ++last;
      const receive = (event) => {
        const answer = event.sessionId === sessionId && JSON.parse(event.message);
        if (answer.id !== id) return;
        session.off("Target.receivedMessageFromTarget", receive);
        if (answer.error) fail(new Error(answer.error.message));
        else done(answer.result);
      };
      session.on("Target.receivedMessageFromTarget", receive);
      session.send("Target.sendMessageToTarget", { sessionId, message: JSON.stringify({ id, method, params }) }).catch(fail);
    });
}
