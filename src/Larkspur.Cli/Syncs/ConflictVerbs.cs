using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Client;

namespace Larkspur.Cli.Syncs;

/// <summary>Conflicts: which there are, and deciding them.</summary>
internal static class ConflictVerbs
{
    public static Verb List()
    {
        var name = SyncsCommand.Name();
        var decided = new Option<bool>("--decided") { Description = "Those that were decided, instead of the open ones." };
        var limit = new Option<int>("--limit") { Description = "So many at most.", DefaultValueFactory = _ => 100 };
        return new Verb("conflicts", "What people decide: values that both sides changed, rows that one side deleted and the other "
            + "changed.",
            "larkspur syncs conflicts orders") { name, decided, limit }.Asks(async call =>
        {
            var (items, after) = (new List<SyncConflictView>(), (string?)null);
            do
            {
                var page = await call.AskAsync((client, limited) => client.Syncs.ListConflictsAsync(call.Get(name),
                    call.Get(decided) ? "decided" : "open", cursor: after, cancellation: limited));
                items.AddRange(page.Items);
                after = page.Next;
            }
            while (after is not null && items.Count < call.Get(limit));

            return ListView.Print(call, [.. items.Take(call.Get(limit))], after is not null, new("Id", c => $"{c.Id}"),
                new("Row", c => c.Key), new("Field", c => c.Field ?? "(the row)"),
                new("Table", c => c.GoneFrom == "table" ? "(deleted)" : Text(c.Table)),
                new("Source", c => c.GoneFrom == "source" ? "(deleted)" : Text(c.Source)), new("Before", c => Text(c.Base)),
                new("By", c => c.TableBy), new("Found", c => PointInTime.Short(c.FoundAt)),
                new("Decision", c => c.Decision ?? string.Join("|", c.Takes)));
        });
    }

    public static Verb Resolve()
    {
        var name = SyncsCommand.Name();
        var ids = new Argument<long[]>("id")
        {
            Description = "Conflicts, by their ids; none with --field.", Arity = ArgumentArity.ZeroOrMore,
        };
        var take = new Option<string?>("--take")
        {
            Description = "table, source: that side's value stays. keep, delete: of a row that one side deleted and the other changed.",
        };
        take.AcceptOnlyFromAmong("table", "source", "keep", "delete");
        var value = new Option<string?>("--value")
        {
            Description = "Another value for both sides, of one conflict: a text, or JSON (12.5, true, [\"a\"]; null empties).",
        };
        var field = new Option<string?>("--field") { Description = "All open conflicts of this field." };
        var verb = new Verb("resolve", "Decide conflicts.", "larkspur syncs resolve orders 17 --take source",
            "larkspur syncs resolve orders 18 --value 1280.5", "larkspur syncs resolve orders --field Status --take table")
            { name, ids, take, value, field };
        verb.Validators.Add(result =>
        {
            var count = result.GetValue(ids)?.Length ?? 0;
            if (result.GetResult(take) is null == result.GetResult(value) is null) result.AddError("Say --take or --value.");
            if (result.GetResult(field) is null == (count == 0)) result.AddError("Name conflicts by their ids, or all of a --field.");
            if (result.GetResult(value) is not null && count != 1) result.AddError("--value is for one conflict.");
        });
        return verb.Asks(async call =>
        {
            var (which, sync) = (call.Get(ids), call.Get(name));
            if (which is [var one]) return await OneAsync(call, sync, one, call.Get(take), call.Get(value));
            var body = new DecideConflicts
            {
                Decision = call.Get(take)!, Ids = which.Length > 0 ? which : null, Field = call.Get(field),
            };
            var done = await call.AskAsync((client, limited) => client.Syncs.DecideConflictsAsync(sync, body, limited));
            AnswerView.Say(call, done, $"Decided: {done.Decided}" + (done.Skipped.Count > 0
                ? $"; over, changed or not to be decided so: {string.Join(", ", done.Skipped)}" : ""));
            return done.Skipped.Count > 0 ? ExitCodes.Refused : ExitCodes.Done;
        });
    }

    private static async Task<int> OneAsync(VerbCall call, string sync, long id, string? take, string? value)
    {
        // Past the typed client, which leaves out what is null: here that is a value.
        var body = new JsonObject { ["decision"] = take ?? "value" };
        if (value is not null) body["value"] = Value(value);
        var path = $"syncs/{Uri.EscapeDataString(sync)}/conflicts/{id}";
        var done = await call.Gateway.CallAsync(System.Net.Http.HttpMethod.Post, path, body.ToJsonString(), call.Cancellation);
        return AnswerView.Say(call, done, $"Decided: {id}");
    }

    /// <summary>JSON where it is JSON; else the text itself.</summary>
    private static JsonNode? Value(string given)
    {
        try
        {
            return JsonNode.Parse(given);
        }
        catch (JsonException)
        {
            return JsonValue.Create(given);
        }
    }

    private static string? Text(JsonElement? value) => value is not { } there ? null : there.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        JsonValueKind.String => there.GetString(),
        JsonValueKind.Array => string.Join(", ", there.EnumerateArray().Select(item => Text(item))),
        _ => there.GetRawText(),
    };
}
