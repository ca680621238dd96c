using System.CommandLine;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Client;

namespace Larkspur.Cli.Approvals;

/// <summary><c>larkspur approvals instances list</c> and <c>show</c>.</summary>
internal static class InstanceReading
{
    public static Verb List()
    {
        var code = Named.Argument("code", "The approval code.");
        var since = PointInTime.Option("--since", "From this time on; default: the last seven days.");
        var until = PointInTime.Option("--until", "Up to this time; at most 180 days.");
        var limit = Limit.Option(100, "How many at most.");
        var app = GatewayOptions.App();
        return new Verb("list", "Codes of a definition's instances of a period.", "larkspur approvals instances list 5A6F1C3E-… --since 30d", "larkspur approvals instances list 5A6F1C3E-… --json | jq -r .items[]") { code, since, until, limit, app }.Asks(call =>
        {
            // Both ends stay the same from page to page: the cursor is one of this very period.
            var to = call.Get(until) ?? TimeProvider.System.GetUtcNow();
            var from = call.Get(since) ?? to - TimeSpan.FromDays(7);
            var pages = new PagedList<string, string>(call.Get(limit), int.MaxValue, async (cursor, _) =>
            {
                var page = await call.AskAsync((client, limited) => client.Approvals.GetInstancesAsync(call.Get(code), from, to, cursor, call.Get(app), limited));
                return (page.InstanceCodes, page.NextCursor);
            });
            return ListView.PrintAsync(call, pages, new Column<string>("Instance", c => c));
        });
    }

    public static Verb Show()
    {
        var id = Named.Argument("id", "The instance: its code, or the uuid that it was made under.");
        var app = GatewayOptions.App();
        return new Verb("show", "An instance as the platform has it, with its tasks.", "larkspur approvals instances show 81D31358-…", "larkspur approvals instances show 81D31358-… --json | jq -r '.task_list[] | select(.status==\"PENDING\").id'") { id, app }.Asks(async call =>
        {
            var instance = await call.AskAsync((client, limited) => client.Approvals.GetInstanceAsync(call.Get(id), call.Get(app), limited));
            if (call.Json) JsonOut.Write(instance);
            else InstancePrint.Whole(instance);
            return ExitCodes.Done;
        });
    }
}
