using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Client;

namespace Larkspur.Cli.Approvals;

/// <summary><c>larkspur approvals instances create</c> and <c>preview</c>.</summary>
internal static class InstanceMaking
{
    public static Verb Make(bool preview)
    {
        var code = new Argument<string?>("code") { Description = "The approval code.", Arity = ArgumentArity.ZeroOrOne };
        var submitter = new Option<string?>("--submitter") { Description = $"Who applies: {Who.Help}." };
        var form = new ValueOptions("--field", "--form", "A control of the form, by its id or name");
        var approvers = new Option<string[]>("--approver") { Description = "Who decides where the definition leaves it open; step=WHO where several steps do. May be given several times." };
        var department = new Option<string?>("--department") { Description = "The submitter's department, where there are several." };
        var app = GatewayOptions.App();
        var key = new RepeatKey();
        var body = new WholeBody();
        var word = preview ? "preview" : "create";
        var verb = new Verb(word, preview ? "Who would have to decide, step by step; nothing is made." : "Start an instance; under one --key once.",
            $"larkspur approvals instances {word} 5A6F1C3E-… --submitter alice@mica.example --field payee=\"Steel Ltd\" --field amount:=12", $"larkspur approvals instances {word} --body instance.json")
        {
            code, submitter, approvers, department, app,
        };
        if (!preview) verb.Add(key.Option);
        form.AddTo(verb);
        body.AddTo(verb, [code, submitter], [approvers, department, app, .. form.All]);
        return verb.Asks(async call =>
        {
            var whole = await body.ReadAsync(call);
            var built = whole is null ? await BuiltAsync(call) : null;
            if (preview)
            {
                var path = whole is null ? await call.AskAsync((client, limited) => client.Approvals.PreviewInstanceAsync(built!, limited))
                    : await call.Gateway.SendAsync<JsonElement>(HttpMethod.Post, "approvals/instances/preview", whole, null, call.Cancellation);
                if (call.Json) JsonOut.Write(path);
                else InstancePrint.Steps(path);
                return ExitCodes.Done;
            }

            var made = await key.OnceAsync(call, name => whole is not null
                ? WholeBody.SendAsync<CreatedView>(call, "approvals/instances", whole, name)
                : call.AskAsync((client, limited) => client.Approvals.CreateInstanceAsync(built!, name, limited)), WholeBody.KeyIn(whole));
            if (call.Json) JsonOut.Write(made);
            else Console.Out.WriteLine(Printable.Line($"{(made.WasThere ? "Was there" : "Created")}: {made.InstanceCode}"));
            return ExitCodes.Done;
        });

        async Task<SubmitInstance> BuiltAsync(VerbCall call)
        {
            var built = new JsonObject { ["approval_code"] = call.Get(code)!, ["submitter"] = Who.Person(call.Get(submitter)!), ["form"] = await form.ReadAsync(call) ?? [] };
            if (call.Get(approvers) is { Length: > 0 } deciders) built["approvers"] = Who.All(deciders, Who.Approver);
            if (call.Get(department) is { } where) built["department_id"] = where;
            if (call.Get(app) is { } named) built["app"] = named;
            return built.Deserialize<SubmitInstance>()!;
        }
    }
}
