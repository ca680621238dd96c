using System.Text.Encodings.Web;
using System.Text.Json;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Common.Refusals;

namespace Larkspur.Gateway.Cards;

/// <summary>
/// The templates of a folder, read at the start and again when a file has changed, and those that were written in the console. A bad file
/// is refused
/// with words and the others go on. Of two with one name the file's counts: it came with the installation.
/// </summary>
internal sealed partial class CardTemplates(
    CardTemplateOptions settings, StoredTemplates stored, TimeProvider clock, ILogger<CardTemplates> logger)
    : IHostedService
{
    private const string Pattern = "*.card.json";
    private const int MostFiles = 500;
    private const int LargestFile = 256 << 10;

    /// <summary>A folder is looked at when a template is asked for, and not more often than this. No watcher: those miss changes on network drives and mounted volumes.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Lock _gate = new();
    private long? _looked;
    private TemplateFolder _folder = TemplateFolder.Empty;
    private (TemplateFolder Folder, IReadOnlyList<StoredTemplate> Stored, TemplateSet Set) _joined = (TemplateFolder.Empty, [],
        TemplateSet.Empty);

    public string Folder => settings.Folder;

    /// <summary>The templates of this moment, and what is wrong with what is none.</summary>
    public TemplateSet Now()
    {
        lock (_gate)
        {
            if (_looked is not { } before || clock.GetElapsedTime(before) >= LookEvery)
            {
                _looked = clock.GetTimestamp();
                try
                {
                    Look();
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    // What was read before goes on.
                    FolderUnreadable(Folder, e);
                }
            }

            var written = stored.All;
            if (_joined.Folder != _folder || _joined.Stored != written) _joined = (_folder, written, TemplateSet.Of(_folder, written));
            return _joined.Set;
        }
    }

    /// <summary>Fills a template.</summary>
    /// <exception cref="RequestRefusedException">There is none of this name, or the variables do not fit: all of them are told.</exception>
    public RenderedTemplate Render(string name, string nameAt, JsonElement? variables, string variablesAt)
    {
        if (Now().Templates.GetValueOrDefault(name) is not { } template)
            throw RequestRefusedException.Impossible("unknown_template", nameAt,
                $"There is no template \"{JsonFields.Shown(name)}\". "
                    + "GET /api/v1/cards/templates lists those that there are, and what was refused.");
        var problems = new List<TemplateProblem>();
        var values = TemplateValues.Check(template.Variables, variables, variablesAt, problems);
        if (problems.Count > 0)
        {
            throw new RequestRefusedException(StatusCodes.Status422UnprocessableEntity, "bad_variables", variablesAt, $"The variables do not fit the template \"{name}\": {string.Join(" ", problems.Take(5).Select(p => p.Message))}")
            {
                Findings = [.. problems.Select(p => new CardFindingView(p.Pointer, p.Rule, "error", p.Message, p.Fix))],
            };
        }

        return Fill(template, values);
    }

    /// <summary>Fills a template that was judged.</summary>
    public static RenderedTemplate Fill(CardTemplate template, IReadOnlyDictionary<string, TemplateValue> values)
    {
        var body = new TemplateExpansion(template, []).Expand(values)!;
        return template.IsMessage ? new RenderedTemplate(JsonSerializer.SerializeToElement(body, Relaxed), null)
            : new RenderedTemplate(null, body.ToJsonString(Relaxed));
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        Now();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Look()
    {
        var files = Directory.Exists(Folder) ? new DirectoryInfo(Folder).GetFiles(Pattern).OrderBy(f => f.Name, StringComparer.Ordinal).ToArray() : [];
        var mark = string.Join('\n', files.Select(f => $"{f.Name}|{f.LastWriteTimeUtc.Ticks}|{f.Length}"));
        if (mark == _folder.Mark) return;
        var templates = new Dictionary<string, CardTemplate>(StringComparer.Ordinal);
        var refused = new List<RefusedTemplate>();
        foreach (var file in files) Read(file, files.Length > MostFiles && Array.IndexOf(files, file) >= MostFiles, templates, refused);
        foreach (var bad in refused)
            TemplateRefused(bad.File!, string.Join(" | ", bad.Problems.Select(p => $"{p.Pointer}: {p.Message} {p.Fix} [{p.Rule}]")));
        if (files.Length > 0 || _folder.Templates.Count > 0) TemplatesRead(templates.Count, Folder, refused.Count);
        _folder = new TemplateFolder(mark, templates, refused);
    }

    private static void Read(FileInfo file, bool tooMany, Dictionary<string, CardTemplate> templates, List<RefusedTemplate> refused)
    {
        var problems = new List<TemplateProblem>();
        if (tooMany) problems.Add(new TemplateProblem("", "template.too-many", $"The folder has more than {MostFiles} templates.", "Remove some."));
        else if (file.Length > LargestFile) problems.Add(new TemplateProblem("", "template.too-large", $"The file has more than {LargestFile >> 10} KB.", "A card has 30 KB at most."));
        else if (Content(file, problems) is { } json && CardTemplateReader.Read(file.Name, json, problems) is { } template && !templates.TryAdd(template.Name, template))
            problems.Add(new TemplateProblem("/name", "template.duplicate-name", $"{templates[template.Name].File} has the name \"{template.Name}\", too.", "Give each its own."));
        if (problems.Count > 0) refused.Add(new RefusedTemplate(file.Name, null, problems));
    }

    private static byte[]? Content(FileInfo file, List<TemplateProblem> problems)
    {
        try
        {
            return File.ReadAllBytes(file.FullName);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add(new TemplateProblem("", "template.unreadable", $"The file cannot be read: {e.Message}", "See to its permissions."));
            return null;
        }
    }

    [LoggerMessage(LogLevel.Error, "The folder of card templates {Folder} cannot be read")]
    private partial void FolderUnreadable(string folder, Exception error);
    [LoggerMessage(LogLevel.Error, "Card template {File} is refused: {Problems}")]
    private partial void TemplateRefused(string file, string problems);
    [LoggerMessage(LogLevel.Information, "{Count} card templates of {Folder}, {Refused} refused")]
    private partial void TemplatesRead(int count, string folder, int refused);
}

/// <summary>A template that was filled: a <see cref="CardMessage"/>, or card JSON.</summary>
internal sealed record RenderedTemplate(JsonElement? Message, string? Card);
