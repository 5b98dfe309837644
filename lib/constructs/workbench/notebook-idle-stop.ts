/** Minutes without a running cell or a touched terminal after which the notebook stops. */
const IDLE_MINUTES = 60;

/**
 * Asks the notebook's own Jupyter server what it last did. A server that does not answer leaves the notebook running:
 * lost work weighs more than an hour's price.
 */
const CHECK = `
import datetime, json, ssl, subprocess, urllib.request

IDLE = datetime.timedelta(minutes=${IDLE_MINUTES})
NOW = datetime.datetime.now(datetime.timezone.utc)
LOCAL = ssl.create_default_context()
LOCAL.check_hostname = False
LOCAL.verify_mode = ssl.CERT_NONE


def ask(what):
    with urllib.request.urlopen("https://localhost:8443/api/" + what, timeout=10, context=LOCAL) as answer:
        return json.load(answer)


def moment(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


with open("/proc/uptime") as uptime:
    latest = NOW - datetime.timedelta(seconds=float(uptime.read().split()[0]))
for thing in ask("kernels") + ask("terminals"):
    if thing.get("execution_state") == "busy":
        latest = NOW
    elif thing.get("last_activity"):
        latest = max(latest, moment(thing["last_activity"]))

if NOW - latest >= IDLE:
    with open("/opt/ml/metadata/resource-metadata.json") as metadata:
        resource = json.load(metadata)
    print("idle since", latest, flush=True)
    subprocess.run(
        ["aws", "sagemaker", "stop-notebook-instance",
         "--notebook-instance-name", resource["ResourceName"],
         "--region", resource["ResourceArn"].split(":")[3]],
        check=True,
    )
`;

/**
 * Script for a notebook's start, as root: a systemd timer that stops the notebook when it is idle.
 * (Amazon Linux 2023 has no cron.)
 *
 * @returns at most 16384 characters, SageMaker's limit
 */
export function idleStopScript(): string {
  return `#!/bin/bash
set -euo pipefail
cat > /usr/local/bin/stop-when-idle.py <<'CHECK'
${CHECK.trim()}
CHECK
cat > /etc/systemd/system/stop-when-idle.service <<'UNIT'
[Unit]
Description=Stop this notebook when it is idle
[Service]
Type=oneshot
Environment=PATH=/usr/local/bin:/usr/bin:/bin:/home/ec2-user/anaconda3/bin
ExecStart=/usr/bin/python3 /usr/local/bin/stop-when-idle.py
UNIT
cat > /etc/systemd/system/stop-when-idle.timer <<'UNIT'
[Timer]
OnActiveSec=10min
OnUnitActiveSec=5min
[Install]
WantedBy=timers.target
UNIT
systemctl daemon-reload
systemctl enable --now stop-when-idle.timer
`;
}
