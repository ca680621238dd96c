using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Client;

namespace Larkspur.Cli.People;

/// <summary><c>larkspur people matches</c>, <c>change</c> and <c>history</c>.</summary>
internal static class PersonMatches
{
    private const int LargestPage = 200;

    public static Verb Matches()
    {
        var join = new Option<long[]>("--join") { Description = "These are one person each.", AllowMultipleArgumentsPerToken = true };
        var dismiss = new Option<long[]>("--dismiss") { Description = "These are two: they are not asked about again.",
            AllowMultipleArgumentsPerToken = true };
        var limit = Limit.Option(50, "How many at most.");
        return new Verb("matches", "Two people in directories of two platforms who may be one; say which are.", "larkspur people matches",
            "larkspur people matches --join 4 7 --dismiss 9") { join, dismiss, limit }
            .Asks(async call =>
        {
            var (one, two) = (call.Get(join) ?? [], call.Get(dismiss) ?? []);
            if (one.Length + two.Length == 0) return await ListAsync(call, call.Get(limit));
            var done = await call.AskAsync((client, limited) =>
                client.Directory.DecidePersonMatchesAsync(new DecideMatches { Join = one, Dismiss = two }, limited));
            AnswerView.Say(call, done, $"Joined: {done.Joined.Count}, dismissed: {done.Dismissed.Count}");
            foreach (var unknown in done.Unknown) Fail.Say($"nothing waits under {unknown}");
            return done.Unknown.Count == 0 ? ExitCodes.Done : ExitCodes.Refused;
        });
    }

    public static Verb Change()
    {
        var who = PersonNamed.Argument();
        var set = new Option<string[]>("--set") { Description =
            "A field as NAME=VALUE; without a value it is taken away. name, en_name, employee_no, job_title, email, mobile, city, note.",
                Required = true,
            AllowMultipleArgumentsPerToken = true };
        set.Validators.Add(result =>
        {
            if (result.Tokens.Any(t => t.Value.IndexOf('=',
                StringComparison.Ordinal) <= 0)) result.AddError("--set takes NAME=VALUE, such as job_title=Buyer.");
        });
        return new Verb("change", "Write something of a person that no directory changes.",
            "larkspur people change alice@mica.example --set job_title=\"Purchasing manager\"") { who, set }.Asks(async call =>
        {
            var id = await PersonNamed.IdAsync(call, call.Get(who));
            var fields = call.Get(set)!.Select(s => s.Split('=', 2)).ToDictionary(s => s[0], s => s[1]);
            var person = await call.AskAsync((client, limited) =>
                client.People.ChangeAsync(id, new ChangePerson { Fields = JsonSerializer.SerializeToElement(fields) }, limited));
            return AnswerView.Say(call, person, $"Changed: {person.Id}, {person.Name}");
        });
    }

    public static Verb History()
    {
        var who = PersonNamed.Argument();
        return new Verb("history", "What the directories told of a person over time.",
            "larkspur people history alice@mica.example") { who }.Asks(async call =>
        {
            var id = await PersonNamed.IdAsync(call, call.Get(who));
            var found = await call.AskAsync((client, limited) => client.People.GetHistoryAsync(id, limited));
            return ListView.Print(call, found.Items, false, new("When", h => PointInTime.Short(h.At)), new("Kind", h => h.Kind),
                new("Run", h => h.Run?.ToString(CultureInfo.InvariantCulture) ?? "event"), new("Changes", h =>
                    string.Join("; ", h.Changes.Select(f => $"{f.Field}: {f.From ?? "-"} -> {f.To ?? "-"}"))));
        });
    }

    private static Task<int> ListAsync(VerbCall call, int most) =>
        ListView.PrintAsync(call, new PagedList<PersonMatchView, long?>(most, LargestPage, async (cursor, size) =>
    {
        var page = await call.AskAsync((client, limited) => client.Directory.ListPersonMatchesAsync(cursor, size, limited));
        return (page.Items, page.Next);
    }), new("Match", m => m.Id.ToString(CultureInfo.InvariantCulture)), new("Both have", m => $"{m.Reason} {m.Value}"),
        new Column<PersonMatchView>("One", m => Named(m, 0)), new Column<PersonMatchView>("Other", m => Named(m, 1)));

    private static string Named(PersonMatchView match, int place) =>
        match.People.ElementAtOrDefault(place) is { } person ? $"{person.Name} ({string.Join(", ", person.Platforms)}) {person.Id}" : "";
}
