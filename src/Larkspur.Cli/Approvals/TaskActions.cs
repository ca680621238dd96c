using System.CommandLine;
using System.Text.Json;
using Larkspur.Cli.Calls;
using Larkspur.Client;

namespace Larkspur.Cli.Approvals;

/// <summary><c>larkspur approvals tasks</c>: an approver's task, decided in his name. The audit log says whose key asked.</summary>
internal static class TaskActions
{
    public static Command Create() => new("tasks", "Decide in an approver's name: approve, reject, transfer, rollback, add-sign, resubmit.")
    {
        Action("approve", "Agree.", " --comment fine", [new FormInput(needed: false)], (client, id, task, limited) => client.Approvals.ApproveTaskAsync(id, task, limited)),
        Action("reject", "Refuse.", " --comment \"too dear\"", [new FormInput(needed: false)], (client, id, task, limited) => client.Approvals.RejectTaskAsync(id, task, limited)),
        Action("transfer", "Hand the task on.", " --to carol@mica.example", [new ToInput()], (client, id, task, limited) => client.Approvals.TransferTaskAsync(id, task, limited)),
        Action("rollback", "Send it back to earlier steps.", " --node START", [new NodesInput()], (client, id, task, limited) => client.Approvals.RollBackTaskAsync(id, task, limited)),
        Action("add-sign", "Have others decide too.", " --with user:carol --where before", [new SignersInput()], (client, id, task, limited) => client.Approvals.AddSignersAsync(id, task, limited)),
        Action("resubmit", "Hand in again what was rolled back to the submitter.", " --form form.json", [new FormInput(needed: true)], (client, id, task, limited) => client.Approvals.ResubmitTaskAsync(id, task, limited)),
    };

    private static Verb Action(string word, string help, string example, TaskInput[] parts, Func<LarkspurClient, string, DecideTask, CancellationToken, Task<JsonElement>> ask)
    {
        var id = Named.Argument("id", "The task: an id of the instance's task_list.");
        var instance = new Option<string>("--instance") { Description = "The instance that it belongs to.", Required = true };
        var user = InstanceActions.User("Whose task it is");
        var comment = new Option<string?>("--comment") { Description = "What is said with it." };
        var code = new Option<string?>("--approval-code") { Description = "The definition; without it the platform is asked." };
        var app = GatewayOptions.App();
        var verb = new Verb(word, help, $"larkspur approvals tasks {word} 7201… --instance 81D31358-… --user bob@mica.example{example}") { id, instance, user, comment, code, app };
        foreach (var part in parts) part.AddTo(verb);
        return verb.Asks(async call =>
        {
            var task = new DecideTask
            {
                Instance = call.Get(instance)!, User = Who.Person(call.Get(user)!).Deserialize<DecideTaskUser>()!, Comment = call.Get(comment), ApprovalCode = call.Get(code), App = call.Get(app),
            };
            foreach (var part in parts) task = await part.ReadAsync(call, task);
            return InstanceActions.Done(call, await call.AskAsync((client, limited) => ask(client, call.Get(id), task, limited)), $"Done: {word} of task {call.Get(id)}");
        });
    }

    /// <summary>What one of the actions takes besides.</summary>
    private abstract class TaskInput
    {
        public abstract void AddTo(Command command);

        public abstract Task<DecideTask> ReadAsync(VerbCall call, DecideTask task);
    }

    private sealed class FormInput(bool needed) : TaskInput
    {
        private readonly ValueOptions _form = new("--field", "--form", "A control of the form, by its id or name");

        public override void AddTo(Command command)
        {
            _form.AddTo(command);
            if (needed) command.Validators.Add(result =>
            {
                if (_form.All.All(o => result.GetResult(o) is null)) result.AddError("Say what the form says now: --form, --field.");
            });
        }

        public override async Task<DecideTask> ReadAsync(VerbCall call, DecideTask task) => await _form.ReadAsync(call) is { } form ? task with { Form = JsonSerializer.SerializeToElement(form) } : task;
    }

    private sealed class ToInput : TaskInput
    {
        private readonly Option<string> _to = new("--to") { Description = $"To whom: {Who.Help}.", Required = true };

        public override void AddTo(Command command) => command.Add(_to);

        public override Task<DecideTask> ReadAsync(VerbCall call, DecideTask task) => Task.FromResult(task with { To = Who.Person(call.Get(_to)!).Deserialize<DecideTaskTo>() });
    }

    private sealed class NodesInput : TaskInput
    {
        private readonly Option<string[]> _nodes = new("--node") { Description = "A step that was passed, by its node_key in the instance's time line; may be given several times.", Required = true };

        public override void AddTo(Command command) => command.Add(_nodes);

        public override Task<DecideTask> ReadAsync(VerbCall call, DecideTask task) => Task.FromResult(task with { Nodes = call.Get(_nodes) });
    }

    private sealed class SignersInput : TaskInput
    {
        private readonly Option<string[]> _with = new("--with") { Description = "Who; may be given several times. The platform takes the company's user ids here.", Required = true };
        private readonly Option<string?> _where = new("--where") { Description = "before, after or parallel (default) to this task." };
        private readonly Option<string?> _method = new("--method") { Description = "or: one of them is enough; and: all." };

        public override void AddTo(Command command)
        {
            _where.AcceptOnlyFromAmong("before", "after", "parallel");
            _method.AcceptOnlyFromAmong("or", "and");
            foreach (var option in (Option[])[_with, _where, _method]) command.Add(option);
        }

        public override Task<DecideTask> ReadAsync(VerbCall call, DecideTask task) =>
            Task.FromResult(task with { People = Who.All(call.Get(_with)!, Who.Person).Deserialize<DecideTaskPeopleItem[]>(), Where = call.Get(_where), Method = call.Get(_method) });
    }
}
