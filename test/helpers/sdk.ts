/** The real node-sdk in a test's own process: each test names its own platform in `init`, because the environment is everybody's. */

// Before it is loaded: it must look nothing up outside of this machine, and send nothing again by itself.
Object.assign(process.env, { TENCENTCLOUD_RUNENV: "SCF", TENCENTCLOUD_REGION: "ap-shanghai", SILENCE: "true" });

export const { default: tcb } = await import("@cloudbase/node-sdk");
