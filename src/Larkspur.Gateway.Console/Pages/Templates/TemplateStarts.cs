using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Console.Pages.Templates;

/// <summary>Examples that a new template begins with.</summary>
internal static class TemplateStarts
{
    public static IReadOnlyList<(string Name, LocalText Title)> All { get; } =
        [("notice", TemplatesTexts.StartNotice), ("decision", TemplatesTexts.StartDecision), ("card", TemplatesTexts.StartCard)];

    /// <summary>Its text; null: there is no such example.</summary>
    public static string? Find(string name)
    {
        if (!All.Any(start => start.Name == name)) return null;
        using var stream = typeof(TemplateStarts).Assembly.GetManifestResourceStream($"templates/{name}.card.json")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
