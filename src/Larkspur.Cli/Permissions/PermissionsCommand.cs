using System.CommandLine;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Cli.People;
using Larkspur.Client;

namespace Larkspur.Cli.Permissions;

/// <summary><c>larkspur permissions</c>: who may use what.</summary>
internal static class PermissionsCommand
{
    public static Command Create() => new("permissions", "Who may use what: rules, roles, and check.") { Check(), PermissionRules.Create(),
        PermissionRoles.Create() };

    private static Verb Check()
    {
        var feature = new Argument<string>("feature") { Description = "What it is about, like command.leave or assistant." };
        var person = PersonNamed.Argument();
        var platform = new Option<string>("--platform") { Description = "Where they are: feishu, wecom, dingtalk, web.",
            DefaultValueFactory = _ => "feishu" };
        var app = GatewayOptions.App();
        var departments = new Option<string[]>("--department") { Description =
            "A department that they are in; may be given several times." };
        var at = PointInTime.Ahead("--at", "When; default: now.");
        return new Verb("check", "Whether somebody may use something, and which rule says so; exit 1: they may not.",
            "larkspur permissions check assistant bob@mica.example")
        {
            feature, person, platform, app, departments, at,
        }.Asks(async call =>
        {
            var id = await PersonNamed.IdAsync(call, call.Get(person));
            var asked = new CheckPermission
            {
                Feature = call.Get(feature), Person = id, Platform = call.Get(platform)!, App = call.Get(app), At = call.Get(at),
                Departments = call.Get(departments) is { Length: > 0 } named ? named : null,
            };
            var answer = await call.AskAsync((client, limited) => client.Permissions.CheckAsync(asked, limited));
            AnswerView.Say(call, answer,
                $"{(answer.Allowed ? "allowed" : "not allowed")}{(answer.Rule is { } rule ? $", by the rule {rule}" : "")}{(answer.Reason is { } reason ? $" ({reason})" : "")}");
            return answer.Allowed ? ExitCodes.Done : ExitCodes.Refused;
        });
    }
}
