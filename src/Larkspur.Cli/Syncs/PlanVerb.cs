using System.CommandLine;
using System.Net.Http;
using System.Text.Json;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Client;

namespace Larkspur.Cli.Syncs;

/// <summary><c>larkspur syncs plan</c>: what a file would make, or what a survey found.</summary>
internal static class PlanVerb
{
    /// <summary>With <c>--detailed-exitcode</c>: something would change.</summary>
    private const int Changes = 2;

    public static Verb Create()
    {
        var name = new Argument<string?>("name")
        {
            Description = "A sync that there is: what its survey found.", Arity = ArgumentArity.ZeroOrOne,
        };
        var file = SyncsCommand.File();
        file.Required = false;
        var detailed = new Option<bool>("--detailed-exitcode") { Description = "0: nothing would change; 2: something would." };
        var verb = new Verb("plan", "Show what a file would make or change, or what a survey found. Nothing is kept or written.",
            "larkspur syncs plan -f orders.yaml --detailed-exitcode", "larkspur syncs plan orders") { name, file, detailed };
        verb.Validators.Add(result =>
        {
            if (result.GetResult(file) is null == result.GetValue(name) is null) result.AddError("Give a file (-f), or a sync.");
        });
        return verb.Asks(async call =>
        {
            var sync = call.Get(file) is { } path ? await SyncFile.ReadAsync(path, call.Cancellation) : null;
            var plan = await ReadAsync(call, call.Parsed.GetValue(name), sync);
            if (call.Json) JsonOut.Write(plan);
            else Print(call, plan, sync);
            if (plan.Problems.Count > 0) return ExitCodes.Refused;
            return call.Get(detailed) && plan.Differences.Count > 0 ? Changes : ExitCodes.Done;
        });
    }

    private static async Task<SyncPlanView> ReadAsync(VerbCall call, string? name, SyncFile? sync)
    {
        if (sync is null) return await AskAsync(call, name!, null);
        try
        {
            return await AskAsync(call, sync.Name, sync.Body.ToJsonString());
        }
        catch (CallFailure e)
        {
            throw sync.Told(e);
        }
    }

    /// <summary>Past the typed client, through whose records a misspelt member would be lost.</summary>
    private static async Task<SyncPlanView> AskAsync(VerbCall call, string name, string? body) =>
        (await call.Gateway.CallAsync(HttpMethod.Post, $"syncs/{Uri.EscapeDataString(name)}/plan", body, call.Cancellation))
            .Deserialize<SyncPlanView>()!;

    private static void Print(VerbCall call, SyncPlanView plan, SyncFile? sync)
    {
        foreach (var problem in plan.Problems)
            Console.Out.WriteLine(Printable.Line(
                $"! {sync?.PlaceOf(problem.Pointer) ?? problem.Pointer}: {Words.Of(problem.Message, problem.MessageZh)}"));
        if (plan.Draft)
        {
            foreach (var difference in plan.Differences) Console.Out.WriteLine(Printable.Line(Line(difference)));
            if (plan.Differences.Count == 0) Console.Out.WriteLine("No changes.");
            if (plan.BeginsAnew) Console.Out.WriteLine("Table, source or key are others: it would be surveyed and copied anew.");
        }

        Console.Out.WriteLine();
        ListView.Print(call, plan.Mapping, false, new("Field", m => m.Key ? m.Field + " *" : m.Field), new("Type", m => m.FieldType),
            new("", m => m.Direction switch { "to_table" => "<-", "to_source" => "->", _ => "<->" }), new("Column", m => m.Column),
            new("Type", m => m.ColumnType), new("As", m => m.Kind), new("Conflict", m => m.Conflict),
            new("May be lost", m => string.Join("; ", m.Losses.Select(loss => Words.Of(loss.Message, loss.MessageZh)))));
        foreach (var field in plan.Mapping)
            foreach (var bad in field.Unreadable) Console.Out.WriteLine(
                Printable.Line($"! {field.Field}: a value of {bad.Side} row {bad.Item} is no {field.Kind} ({bad.Detail})"));
        if (plan.UnmappedFields.Count > 0)
            Console.Out.WriteLine(Printable.Line($"Fields that are not mapped: {string.Join(", ", plan.UnmappedFields)}"));
        if (plan.UnmappedColumns.Count > 0)
            Console.Out.WriteLine(Printable.Line($"Columns that are not mapped: {string.Join(", ", plan.UnmappedColumns)}"));
        if (plan.TableRows is not null || plan.SourceRows is not null) Console.Out.WriteLine(
            $"Rows: {SyncsCommand.Number(plan.TableRows)} in the table, {SyncsCommand.Number(plan.SourceRows)} in the source");
        if (plan.Survey is { } survey) Print(call, survey);
    }

    private static void Print(VerbCall call, SyncSurveyView survey)
    {
        Console.Out.WriteLine();
        DetailView.Print(("equal", SyncsCommand.Number(survey.Equal)), ("differing", SyncsCommand.Number(survey.Differing)),
            ("only in the source", SyncsCommand.Number(survey.OnlySource)), ("only in the table", SyncsCommand.Number(survey.OnlyTable)),
            ("without a key", SyncsCommand.Number(survey.NoKey)), ("key twice", SyncsCommand.Number(survey.KeyTwice)),
            ("unreadable", SyncsCommand.Number(survey.Unreadable)));
        if (survey.Examples.Count == 0) return;
        Console.Out.WriteLine();
        ListView.Print(call, survey.Examples, false, new("Example", e => e.Kind.Replace('_', ' ')), new("Row", e => e.Item),
            new("Values (table / source)", e => string.Join("; ", e.Values.Select(v => $"{v.Field}: {Text(v.Table)} / {Text(v.Source)}"))));
    }

    private static string Line(SyncDifferenceView difference) => difference.Action switch
    {
        "add" => $"+ {difference.What}: {difference.After}",
        "remove" => $"- {difference.What}: {difference.Before}",
        _ => $"~ {difference.What}: {difference.Before} => {difference.After}",
    };

    private static string Text(JsonElement? value) => value is not { } there || there.ValueKind == JsonValueKind.Null ? "-"
        : there.ValueKind == JsonValueKind.String ? there.GetString()! : there.GetRawText();
}
