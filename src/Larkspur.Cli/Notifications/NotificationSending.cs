using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Cli.Calls;
using Larkspur.Client;

namespace Larkspur.Cli.Notifications;

/// <summary><c>larkspur notifications send</c>.</summary>
internal static class NotificationSending
{
    public static Verb Send()
    {
        var type = new Argument<string?>("type") { Description = "The type of the event, like pr.submitted: larkspur notifications types list.", Arity = ArgumentArity.ZeroOrOne };
        var subject = new Option<string?>("--subject") { Description = "The business object, by which notifications are found and resolved." };
        var to = new Option<string[]>("--to") { Description = $"Who is told; may be given several times: {Who.Help}, oc_… (a group), od-… (a department), role:ID. Default: the type's own rule." };
        var values = new ValueOptions("--var", "--vars", "A variable of the type");
        var approvers = new Option<string[]>("--approver") { Description = "Who may decide; may be given several times. Default: the people who are told." };
        var applicant = new Option<string?>("--applicant") { Description = "Who learns how it was decided." };
        var webhook = new Option<string?>("--webhook") { Description = "The webhook that learns it. Default: all that want it." };
        var app = GatewayOptions.App();
        var key = new RepeatKey();
        var body = new WholeBody();
        var verb = new Verb("send", "Tell people of a business event: durable once this returns, one card for each.",
            "larkspur notifications send pr.submitted --subject PR-1 --to bob@mica.example --vars pr.json --key PR-1",
            "larkspur notifications send po.created --to employee:M1002 --var number=PO-7 --var amount:='{\"amount\":\"12.50\",\"currency\":\"CNY\"}'",
            "larkspur notifications send --body notification.json") { type, subject, to, approvers, applicant, webhook, app, key.Option };
        values.AddTo(verb);
        body.AddTo(verb, [type], [subject, to, approvers, applicant, webhook, app, .. values.All]);
        return verb.Asks(async call =>
        {
            var whole = await body.ReadAsync(call);
            var built = whole is null ? await BuiltAsync(call) : null;
            var sent = await key.OnceAsync(call, name => whole is not null
                ? WholeBody.SendAsync<NotificationView>(call, "notifications", whole, name)
                : call.AskAsync((client, limited) => client.Notifications.SendAsync(built!, name, limited)), WholeBody.KeyIn(whole));
            NotificationPrint.Sent(call, sent);
            return ExitCodes.Done;
        });

        async Task<SendNotification> BuiltAsync(VerbCall call)
        {
            var built = new JsonObject { ["event"] = call.Get(type)! };
            if (call.Get(subject) is { } about) built["subject"] = about;
            if (call.Get(to) is { Length: > 0 } people) built["recipients"] = Who.All(people, Who.Recipient);
            if (await values.ReadAsync(call) is { } variables) built["variables"] = variables;
            var decision = new JsonObject();
            if (call.Get(approvers) is { Length: > 0 } deciders) decision["approvers"] = Who.All(deciders, Who.Recipient);
            if (call.Get(applicant) is { } asker) decision["applicant"] = Who.Person(asker);
            if (call.Get(webhook) is { } named) decision["webhook"] = named;
            if (decision.Count > 0) built["decision"] = decision;
            if (call.Get(app) is { } chosen) built["app"] = chosen;
            return built.Deserialize<SendNotification>()!;
        }
    }
}
