"""The ground that the house stands on, run like the house itself: database, broker and one small service."""

import json
import os
import sys
from dataclasses import dataclass
from typing import Any

from deploy.local import instance as instances
from deploy.local import lifetime, postgres, rabbitmq, readiness
from deploy.local.environment import plain
from deploy.local.group import Group
from deploy.local.instance import write_private
from deploy.local.processes import Program

DEFINITIONS = {
    "vhosts": [{"name": "/"}],
    "users": [{"name": "keeper", "password": "of-a-test", "tags": "", "limits": {}}],
    "permissions": [{"user": "keeper", "vhost": "/", "configure": ".*", "write": ".*", "read": ".*"}],
}


@dataclass(frozen=True)
class Ground:
    group: Group

    async def open(self) -> dict[str, Any]:
        instance = self.group.instance
        server = postgres.of(instance)
        postgres.initialise(server)
        await self.group.start(postgres.program(server))
        broker = rabbitmq.of(instance)
        rabbitmq.initialise(broker)
        write_private(broker.definitions, json.dumps(DEFINITIONS))
        for program in rabbitmq.programs(broker):
            await self.group.start(program)
        await self.group.start(self._service())
        found = {
            "database": server.dsn,
            "broker": f"amqp://keeper:of-a-test@127.0.0.1:{instance.ports['amqp']}/",
            "service": f"http://127.0.0.1:{instance.ports['gateway']}/",
        }
        write_private(instance.endpoints, json.dumps(found))
        return found

    def _service(self) -> Program:
        port = self.group.instance.ports["gateway"]
        command = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1"]
        ready = readiness.http(port, "/")
        return Program(name="service", command=command, environment=plain(), ready=ready)


if __name__ == "__main__":
    sys.exit(lifetime.run(instances.chosen(os.environ), Ground, foreground=False))
