using System.CommandLine;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Spectre.Console;

namespace Larkspur.Cli.Approvals;

/// <summary><c>larkspur approvals</c>: the platform's approvals, in the words of its REST API.</summary>
internal static class ApprovalsCommand
{
    public static Command Create() =>
        new("approvals", "The platform's approvals: definitions, instances, tasks, subscriptions, files, external.")
    {
        new Command("definitions", "What can be applied for.") { ShowDefinition(), Definitions.Create(), Definitions.Put() },
        new Command("instances", "Applications: create, preview, list, show, cancel, cc, comments.")
        {
            InstanceMaking.Make(preview: false), InstanceMaking.Make(preview: true), InstanceReading.List(), InstanceReading.Show(),
                InstanceActions.Cancel(), InstanceActions.Copy(), InstanceComments.Create(),
        },
        TaskActions.Create(),
        Subscriptions.Create(),
        ApprovalFiles.Create(),
        Definitions.External(),
    };

    private static Verb ShowDefinition()
    {
        var code = Named.Argument("code", "The approval code.");
        var app = GatewayOptions.App();
        return new Verb("show", "A definition: the controls of its form with what they take, and its steps.", "larkspur approvals definitions show 5A6F1C3E-2B7D-4E90-8C41-7D3A9B0E6F12") { code, app }.Asks(async call =>
        {
            var definition = await call.AskAsync((client, limited) => client.Approvals.GetDefinitionAsync(call.Get(code), call.Get(app), limited));
            if (call.Json)
            {
                JsonOut.Write(definition);
                return ExitCodes.Done;
            }

            DetailView.Print(("approval code", definition.ApprovalCode), ("name", definition.Name), ("state", definition.State));
            Console.Out.WriteLine();
            ListView.Write(definition.Form.SelectMany(c => c.Children.Prepend(c)).ToList(), new("Control", c => c.CustomId ?? c.Id), new("Name", c => c.Name), new("Type", c => c.Type),
                new Column<Client.ControlView>("Needed", c => c.Required ? "yes" : ""), new("Takes", c => string.Join(", ", c.Options.Select(o => $"{o.Key} ({o.Text})").Concat(c.Currencies))));
            Console.Out.WriteLine();
            ListView.Write(definition.Nodes, new("Step", n => n.CustomId ?? n.Id), new Column<Client.NodeView>("Name", n => n.Name), new("Type", n => n.Type), new("Approver", n => n.NeedsApprover ? "name one: --approver" : ""));
            return ExitCodes.Done;
        });
    }
}
