using System.CommandLine;
using System.Globalization;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Client;

namespace Larkspur.Cli.People;

/// <summary><c>larkspur scim-targets</c>: systems that people are pushed to over SCIM.</summary>
internal static class ScimTargetsCommand
{
    public static Command Create() => new("scim-targets", "Systems that people are pushed to over SCIM: list, show, put, sync, remove.")
    {
        List(), Show(), Put(), Sync(), Remove(),
    };

    private static Verb List() => new Verb("list", "All of them, and how each stands.", "larkspur scim-targets list").Asks(async call =>
        ListView.Print(call, (await call.AskAsync((client, limited) => client.ScimTargets.ListAsync(limited))).Items, false,
            new("Target", t => t.Name), new("State", t => t.State), new("Users", t => Number(t.Users)), new("Groups", t =>
                Number(t.GroupsThere)),
            new("Failing", t => Number(t.Failing)), new("Left out", t => Number(t.LeftOut)), new("Address", t => t.Url),
            new("System", t => t.System)));

    private static Verb Show()
    {
        var name = Name();
        return new Verb("show", "One of them, with who failed or is left out, and why.", "larkspur scim-targets show slack") { name }
            .Asks(async call => Told(call, await call.AskAsync((client, limited) => client.ScimTargets.GetAsync(call.Get(name), limited))));
    }

    private static Verb Put()
    {
        var name = Name("What it is called here: lower-case letters, digits, - and _.");
        var url = new Option<string?>("--url") { Description = "Where its SCIM begins, above /Users. A new one needs it." };
        var token = new Option<string?>("--token-file")
        {
            Description = "File with the bearer token; - reads it from the input. A new one, and another address, need it.",
        };
        var userName = new Option<string?>("--user-name")
        {
            Description = "The field of people that is their userName: email, work_email, employee_no, mobile, user_id, user_name, "
                + "person, custom.…",
        };
        var groups = new Option<string?>("--groups") { Description = "departments: they are groups there. none: no groups." };
        groups.AcceptOnlyFromAmong("departments", "none");
        var verb = new Verb("put", "Push people to a system, or change what is named here of one.",
            "pass show slack/scim | larkspur scim-targets put slack --url https://api.slack.com/scim/v2 --token-file -",
            "larkspur scim-targets put slack --groups departments") { name, url, token, userName, groups };
        verb.Validators.Add(result =>
        {
            if (((Option[])[url, token, userName, groups]).All(o => result.GetResult(o) is null))
                result.AddError("Say what is to be: --url, --token-file, --user-name, --groups.");
        });
        return verb.Asks(async call =>
        {
            var body = new PutScimTarget
            {
                Url = call.Get(url), UserName = call.Get(userName), Groups = call.Get(groups),
                Token = call.Get(token) is { } path ? await SecretInput.ReadAsync(path, "The target's token", call.Cancellation) : null,
            };
            var saved = await call.AskAsync((client, limited) => client.ScimTargets.PutAsync(call.Get(name), body, limited));
            return AnswerView.Say(call, saved, $"Saved: {saved.Name} ({saved.Url}). It syncs now: larkspur scim-targets show {saved.Name}");
        });
    }

    private static Verb Sync()
    {
        var name = Name();
        var dry = new Option<bool>("--dry-run") { Description = "Show what would change, and change nothing." };
        var confirm = new Option<bool>("--confirm") { Description = "Those who wait to be deactivated may be." };
        var verb = new Verb("sync", "Compare everybody with a target now.", "larkspur scim-targets sync slack --dry-run",
            "larkspur scim-targets sync slack --confirm") { name, dry, confirm };
        verb.Validators.Add(result =>
        {
            if (result.GetResult(dry) is not null && result.GetResult(confirm) is not null)
                result.AddError("--dry-run and --confirm do not go together.");
        });
        return verb.Asks(async call =>
        {
            var body = new SyncScimTarget { DryRun = call.Get(dry), Confirm = call.Get(confirm) };
            var answer = await call.AskAsync((client, limited) => client.ScimTargets.SyncAsync(call.Get(name), body, limited));
            if (answer.Difference is not { } difference)
                return AnswerView.Say(call, answer, $"Asked for: larkspur scim-targets show {answer.Target.Name}");
            if (call.Json) JsonOut.Write(answer);
            else Print(call, difference);
            return difference.Problem is null ? ExitCodes.Done : ExitCodes.Refused;
        });
    }

    private static void Print(VerbCall call, ScimDifferenceView difference)
    {
        ListView.Print(call, difference.Items, false, new("Would", i => i.Action), new("Kind", i => i.Kind), new("Name", i => i.Name),
            new("User name", i => i.UserName), new("Id", i => i.Id), new("Changes", i => string.Join(", ", i.Fields)),
            new("Group", i => i.Group), new("Why", i => i.Message));
        Console.Out.WriteLine($"created {Number(difference.Created)}, adopted {Number(difference.Adopted)}, changed "
            + $"{Number(difference.Changed)}, deactivated {Number(difference.Deactivated)}, left out {Number(difference.LeftOut)}, "
            + $"unchanged {Number(difference.Unchanged)}, groups {Number(difference.GroupsChanged)}, "
            + $"joining groups {Number(difference.MembersJoining)}, leaving them {Number(difference.MembersLeaving)}");
        if (difference.Asks) Console.Out.WriteLine("So many deactivations would wait for: larkspur scim-targets sync NAME --confirm");
        if (!difference.LookedUp) Console.Out.WriteLine(
            "Not everybody was looked up there: some who would be created may be there already.");
        if (difference.Problem is { } problem) Console.Out.WriteLine(Printable.Line(problem));
    }

    private static Verb Remove()
    {
        var name = Name();
        return new Verb("remove", "Forget a target; what stands there stays, and nobody is deactivated.",
            "larkspur scim-targets remove slack") { name }.Asks(async call =>
        {
            await call.AskAsync(async (client, limited) =>
            {
                await client.ScimTargets.DeleteAsync(call.Get(name), limited);
                return true;
            });
            if (call.Json) JsonOut.Write(new { name = call.Get(name), removed = true });
            else Console.Out.WriteLine(Printable.Line($"Removed: {call.Get(name)}"));
            return ExitCodes.Done;
        });
    }

    private static int Told(VerbCall call, ScimTargetView target)
    {
        if (call.Json)
        {
            JsonOut.Write(target);
            return ExitCodes.Done;
        }

        DetailView.Print(("target", target.Name), ("address", target.Url), ("userName", target.UserName), ("groups", target.Groups),
            ("state", target.State), ("message", target.Message), ("next try", PointInTime.Shown(target.NextTryAt)),
            ("waiting", target.Waiting > 0 ? Number(target.Waiting) : null),
            ("PATCH", target.Patch switch { true => "yes", false => "no", _ => null }), ("system", target.System),
            ("users", Number(target.Users)), ("deactivated", Number(target.Deactivated)), ("groups there", Number(target.GroupsThere)),
            ("failing", Number(target.Failing)), ("left out", Number(target.LeftOut)), ("compared", PointInTime.Shown(target.ComparedAt)),
            ("changed", $"{PointInTime.Shown(target.ChangedAt)} by {target.ChangedBy}"));
        if (target.Failures.Count == 0) return ExitCodes.Done;
        Console.Out.WriteLine();
        return ListView.Print(call, target.Failures, false, new("Kind", f => f.Kind), new("Name", f => f.Name), new("Id", f => f.Id),
            new("Why", f => f.Message), new("Tries", f => Number(f.Tries)), new("Next try", f => PointInTime.Short(f.NextTryAt)));
    }

    private static Argument<string> Name(string what = "The target.") => Named.Argument("name", what);

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
