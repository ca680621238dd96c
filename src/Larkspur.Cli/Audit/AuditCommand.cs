using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Client;

namespace Larkspur.Cli.Audit;

/// <summary><c>larkspur audit</c>: who changed what.</summary>
internal static class AuditCommand
{
    private const int LargestPage = 200;

    public static Command Create() => new("audit", "What administrators and programs changed: list, verify.") { List(), Verify() };

    private static Verb List()
    {
        var who = new Option<string?>("--who") { Description = "Only what this one did, like key:mica, api, or an account." };
        var what = new Option<string?>("--what") { Description = "Only this, like setting.changed." };
        var subject = new Option<string?>("--subject") { Description = "Only what was done to this." };
        var since = PointInTime.Option("--since", "From this time on.");
        var until = PointInTime.Option("--until", "Before this time.");
        var limit = Limit.Option(50, "How many lines at most.");
        return new Verb("list", "Lines of the audit log, the newest first.", "larkspur audit list --since 1d", "larkspur audit list --who key:mica --what setting.changed --json") { who, what, subject, since, until, limit }.Asks(call =>
            ListView.PrintAsync(call, new PagedList<AuditLineView, long?>(call.Get(limit), LargestPage, async (cursor, size) =>
            {
                var page = await call.AskAsync((client, limited) => client.Audit.ListAsync(call.Get(who), call.Get(what), call.Get(subject), call.Get(since), call.Get(until), cursor, size, limited));
                return (page.Items, page.Next);
            }), new("When", l => PointInTime.Shown(l.At)), new("Who", l => l.Who), new("What", l => l.What), new("Subject", l => l.Subject),
                new("From", l => l.Address), new("Detail", l => l.Detail is { ValueKind: not JsonValueKind.Null } detail ? JsonOut.Text(detail) : null)));
    }

    private static Verb Verify()
    {
        var head = new Option<string?>("--head") { Description = "A head that was noted earlier (LINE:SEAL): the log must still have that line, unchanged." };
        return new Verb("verify", "Whether the audit log is as it was written; exit 0 it is, 1 it is not.", "larkspur audit verify", "larkspur audit verify --head 1204:5f0c…") { head }.Asks(async call =>
        {
            var verdict = await call.Gateway.GetAsync("audit/verify" + (call.Get(head) is { } noted ? "?head=" + Uri.EscapeDataString(noted) : ""), call.Cancellation);
            var ok = verdict.GetProperty("ok").GetBoolean();
            if (call.Json) JsonOut.Write(verdict);
            else if (ok) Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"OK: {verdict.GetProperty("lines").GetInt64()} lines fit, head {Printable.Line(verdict.GetProperty("head").GetString()!)}"));
            else Fail.Say(verdict.GetProperty("flaw").GetProperty(Words.AreChinese ? "message_zh" : "message").GetString()!);
            return ok ? ExitCodes.Done : ExitCodes.Refused;
        });
    }
}
