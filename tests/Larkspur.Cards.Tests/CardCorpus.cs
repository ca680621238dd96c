using System.Text.Json;

namespace Larkspur.Cards.Tests;

/// <summary>The cards under Corpus: good ones, ones that the platform refuses, and ones that only the validator refuses or warns about.</summary>
public static class CardCorpus
{
    public const string ImageKey = "img_v3_corpus_0001";
    public const string FileKey = "file_v3_corpus_0001";
    public const string UserId = "ou_corpus_user";

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Corpus");
    private static readonly Lazy<Dictionary<string, Dictionary<string, Expected>>> Index = new(() =>
        JsonSerializer.Deserialize<Dictionary<string, Dictionary<string, Expected>>>(File.ReadAllText(Path.Combine(Folder, "corpus.json")), JsonSerializerOptions.Web)!);

    /// <param name="Rule">The rule that finds it.</param>
    /// <param name="Pointer">Where.</param>
    /// <param name="Code">What the platform answers, if the facts say so.</param>
    /// <param name="SubCode">The code within 230099.</param>
    /// <param name="Severity">error when not given.</param>
    public sealed record Expected(string Rule, string Pointer, int? Code = null, int? SubCode = null, string Severity = "error");

    public static IEnumerable<string> Names(string kind) => Directory.EnumerateFiles(Path.Combine(Folder, kind), "*.json").Select(path => Path.GetFileNameWithoutExtension(path)!).Order(StringComparer.Ordinal);

    /// <summary>The card's text; the line break at the end of the file is not part of it.</summary>
    public static string Read(string kind, string name) => File.ReadAllText(Path.Combine(Folder, kind, name + ".json"))[..^1];

    public static Expected ExpectedOf(string kind, string name) => Index.Value[kind][name];

    public static IReadOnlyCollection<string> Indexed(string kind) => Index.Value[kind].Keys;
}
