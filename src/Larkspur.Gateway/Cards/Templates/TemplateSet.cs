namespace Larkspur.Gateway.Cards;

/// <summary>What a look at the folder found.</summary>
/// <param name="Mark">Names, times and sizes of its files.</param>
/// <param name="Templates">By name.</param>
/// <param name="Refused">Files that are no templates.</param>
internal sealed record TemplateFolder(string? Mark, IReadOnlyDictionary<string, CardTemplate> Templates,
    IReadOnlyList<RefusedTemplate> Refused)
{
    public static readonly TemplateFolder Empty = new(null, new Dictionary<string, CardTemplate>(), []);
}

/// <summary>A file, or a name of the console, that is no template.</summary>
/// <param name="File">The file's name; null: it was written in the console.</param>
/// <param name="Name">The template's name, where it was written in the console.</param>
/// <param name="Problems">What is wrong with it.</param>
internal sealed record RefusedTemplate(string? File, string? Name, IReadOnlyList<TemplateProblem> Problems);

/// <summary>All templates of a moment.</summary>
/// <param name="Templates">By name.</param>
/// <param name="Refused">Those that are none.</param>
internal sealed record TemplateSet(IReadOnlyDictionary<string, CardTemplate> Templates, IReadOnlyList<RefusedTemplate> Refused)
{
    public static readonly TemplateSet Empty = new(new Dictionary<string, CardTemplate>(), []);

    /// <summary>Joins files and table. Of two with one name the file's counts.</summary>
    public static TemplateSet Of(TemplateFolder folder, IReadOnlyList<StoredTemplate> stored)
    {
        var templates = new Dictionary<string, CardTemplate>(folder.Templates, StringComparer.Ordinal);
        foreach (var written in stored)
        {
            if (written.Template is { } template) templates.TryAdd(written.Name, template);
        }

        return new TemplateSet(templates,
            [.. folder.Refused, .. stored.Where(s => s.Template is null).Select(s => new RefusedTemplate(null, s.Name, s.Problems))]);
    }
}
