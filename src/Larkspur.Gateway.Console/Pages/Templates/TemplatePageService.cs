using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Feishu.Cards;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Console.Pages.Messages;
using Larkspur.Gateway.Console.Shell;
using Larkspur.Gateway.Messages;
using Larkspur.Gateway.Messages.Cards;

namespace Larkspur.Gateway.Console.Pages.Templates;

/// <summary>Card templates in the console: judged and drawn while they are edited, saved, and tried with one person.</summary>
internal sealed class TemplatePageService(CardTemplates templates, StoredTemplates stored, CardDrafts drafts, MessagesPageService messages)
{
    private const string Sample = "sample";
    private const int MostFindings = 100;

    private static readonly JsonSerializerOptions Indented = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true };

    /// <summary>Apps that can send a test, the default one first.</summary>
    public IReadOnlyList<string> Apps => messages.Apps;

    /// <summary>Files and what was written here, by name; the same name twice where a file overrules what was written.</summary>
    public IReadOnlyList<TemplateRow> List()
    {
        var now = templates.Now();
        var files = now.Templates.Values.Where(t => t.File is not null).Select(t => new TemplateRow(t.Name, t.File, t, null))
            .Concat(now.Refused.Where(r => r.File is not null).Select(r => new TemplateRow(null, r.File, null, r.Problems)));
        return [.. files.Concat(stored.All.Select(s => new TemplateRow(s.Name, null, s.Template, s.Template is null ? s.Problems : null)
        {
            ChangedAt = s.ChangedAt, ChangedBy = s.ChangedBy, OverruledBy = OverruledBy(s.Name),
        })).OrderBy(row => row.Name ?? row.File, StringComparer.Ordinal)];
    }

    /// <summary>What was written here under a name.</summary>
    public StoredTemplate? Find(string name) => stored.All.FirstOrDefault(s => s.Name == name);

    /// <summary>The file whose template has the name.</summary>
    public string? OverruledBy(string name) => templates.Now().Templates.GetValueOrDefault(name)?.File;

    /// <summary>The text of a template's file; null: there is none any more.</summary>
    public async Task<string?> FileTextAsync(string name, CancellationToken cancellation)
    {
        if (OverruledBy(name) is not { } file) return null;
        try
        {
            return await File.ReadAllTextAsync(Path.Combine(templates.Folder, file), cancellation);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // It went between the look and now.
            return null;
        }
    }

    /// <summary>What a text makes with sample values, and what is wrong with both.</summary>
    public TemplateSight Look(string text, string values)
    {
        if (text.Length > StoredTemplates.Longest) return new TemplateSight(null, [TooLong(inValues: false)]);
        if (values.Length > StoredTemplates.Longest) return new TemplateSight(null, [TooLong(inValues: true)]);
        var problems = new List<TemplateProblem>();
        if (Broken(text, inValues: false) is { } broken) return new TemplateSight(null, [broken]);
        if (StoredTemplates.Judge(text, problems) is not { } template) return new TemplateSight(null,
            Findings(text, problems, inValues: false));
        if (Broken(values, inValues: true) is { } unread) return new TemplateSight(template, [unread]);
        using var given = JsonDocument.Parse(values);
        var filled = TemplateValues.Check(template.Variables, given.RootElement, "", problems);
        if (problems.Count > 0) return new TemplateSight(template, Findings(values, problems, inValues: true));
        try
        {
            return Drawn(template, CardTemplates.Fill(template, filled));
        }
        catch (RequestRefusedException e)
        {
            // These values make more, or another thing, than the samples by which a template is judged.
            return new TemplateSight(template, [new TemplateFinding(1, "", "template." + e.Word, RefusalTexts.Of(e), null, null, true)]);
        }
    }

    /// <summary>Keeps a template.</summary>
    /// <param name="who">Who writes it.</param>
    /// <param name="text">Its text.</param>
    /// <param name="before">The one that was opened; null: it is new. One of another name stays beside it.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>Null: the text is no template.</returns>
    /// <exception cref="ActionRefusedException">Somebody else wrote it in the meantime, or a new one's name is taken.</exception>
    /// <exception cref="RequestRefusedException">There are too many.</exception>
    public async Task<StoredTemplate?> SaveAsync(Actor who, string text, StoredTemplate? before, CancellationToken cancellation)
    {
        if (Broken(text, inValues: false) is not null || StoredTemplates.Judge(text, []) is not { } template) return null;
        var known = before?.Name == template.Name ? before.ChangedAt : (DateTimeOffset?)null;
        try
        {
            return await stored.SaveAsync(who, template, text, known, cancellation);
        }
        catch (RequestRefusedException e) when (e.Word == StoredTemplates.ChangedMeanwhile)
        {
            throw new ActionRefusedException(known is null ? TemplatesTexts.NameTaken : TemplatesTexts.ChangedMeanwhile);
        }
    }

    public Task<bool> DeleteAsync(Actor who, string name, CancellationToken cancellation) => stored.DeleteAsync(who, name, cancellation);

    /// <summary>Sends what stands in the editor, once however often this is called with a key.</summary>
    /// <exception cref="ActionRefusedException">The text, the values or the receiver do not fit.</exception>
    /// <exception cref="RequestRefusedException">The message cannot be sent.</exception>
    public async Task<MessageAnswer> TestAsync(
        Actor who, string text, string values, string app, string to, string key, CancellationToken cancellation)
    {
        if (Look(text, values) is not { Template: { } template, Card: not null })
            throw new ActionRefusedException(TemplatesTexts.NotSendable);
        using var given = JsonDocument.Parse(values);
        var rendered = CardTemplates.Fill(template, TemplateValues.Check(template.Variables, given.RootElement, "", []));
        var draft = await drafts.OfTemplateAsync(new KeyGrant(who), rendered, "", app, "console " + key, cancellation);
        return await messages.SendAsync(who, app, to, draft, key, "message.test_sent", cancellation);
    }

    /// <summary>Values for a preview: the defaults, else something of the variable's kind that says whose it is.</summary>
    public static string SampleValues(CardTemplate? template)
    {
        if (template is null) return "{}";
        return JsonSerializer.Serialize(Values(template.Variables), Indented);
    }

    private static JsonObject Values(IReadOnlyList<TemplateVariable> variables)
    {
        var values = new JsonObject();
        foreach (var variable in variables)
        {
            values[variable.Name] = variable.Default is { } given ? JsonNode.Parse(given.GetRawText()) : variable.Kind switch
            {
                VariableKind.Number => 42,
                VariableKind.Date => "2026-04-01",
                VariableKind.Person => "ou_sample",
                VariableKind.Url => "https://example.com/",
                VariableKind.List => new JsonArray(Values(variable.Fields), Values(variable.Fields)),
                _ => variable.Name.Length <= variable.MaxLength ? variable.Name : "x",
            };
        }

        return values;
    }

    private TemplateSight Drawn(CardTemplate template, RenderedTemplate rendered)
    {
        if (rendered.Message is not { } json)
        {
            using var whole = JsonDocument.Parse(rendered.Card!);
            return new TemplateSight(template, []) { Card = whole.RootElement.Clone(), Bytes = Encoding.UTF8.GetByteCount(rendered.Card!) };
        }

        var message = CardMessageReader.Read(json, "");
        var compiled = drafts.Compile(message, Sample, "");
        using var card = JsonDocument.Parse(compiled.Content);
        return new TemplateSight(template, [])
        {
            Message = message, Card = card.RootElement.Clone(), Bytes = Encoding.UTF8.GetByteCount(compiled.Content),
            Notes = compiled.Notes,
        };
    }

    private static IReadOnlyList<TemplateFinding> Findings(string text, List<TemplateProblem> problems, bool inValues)
    {
        var source = CardSource.Of(text);
        return [.. problems.Take(MostFindings).Select(p => new TemplateFinding(source.LineOf(p.Pointer), p.Pointer, p.Rule,
            FindingTexts.Of(p.Rule, p.Message), FindingTexts.FixOf(p.Rule, p.Fix), p.QuickFix, inValues))];
    }

    /// <summary>A browser may send more than the field takes.</summary>
    private static TemplateFinding TooLong(bool inValues) =>
        new(1, "", "template.too-long", TemplatesTexts.TooLong(StoredTemplates.Longest), null, null, inValues);

    private static TemplateFinding? Broken(string text, bool inValues)
    {
        try
        {
            JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 100 }).Dispose();
            return null;
        }
        catch (JsonException e)
        {
            var (line, column) = ((int)(e.LineNumber ?? 0) + 1, (e.BytePositionInLine ?? 0) + 1);
            return new TemplateFinding(line, "", "template.not-json", TemplatesTexts.NotJson, TemplatesTexts.NotJsonHelp(line, column),
                null, inValues);
        }
    }
}

/// <summary>A line of the list.</summary>
/// <param name="Name">Null: a file that is no template.</param>
/// <param name="File">Null: it was written here.</param>
/// <param name="Template">What it is; null: it has problems.</param>
/// <param name="Problems">What is wrong with it.</param>
internal sealed record TemplateRow(string? Name, string? File, CardTemplate? Template, IReadOnlyList<TemplateProblem>? Problems)
{
    public DateTimeOffset? ChangedAt { get; init; }

    public string? ChangedBy { get; init; }

    /// <summary>The file that counts in its place.</summary>
    public string? OverruledBy { get; init; }
}
