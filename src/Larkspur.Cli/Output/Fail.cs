using Larkspur.Gateway.Redaction;

namespace Larkspur.Cli.Output;

/// <summary>Sentences on the error stream, without secrets: a gateway, a proxy or the network may repeat what it was sent.</summary>
internal static class Fail
{
    public static void Say(string sentence) => Console.Error.WriteLine("larkspur: " + Printable.Lines(CommandText.Hide(sentence)));
}

/// <summary>The language of the one who looks, as the environment has it.</summary>
internal static class Words
{
    /// <summary>Chinese where a sentence is there in both languages.</summary>
    public static bool AreChinese { get; } = ((string[])["LC_ALL", "LC_MESSAGES", "LANG"]).Select(Environment.GetEnvironmentVariable).FirstOrDefault(v => !string.IsNullOrEmpty(v)) is { } language
        && language.StartsWith("zh", StringComparison.OrdinalIgnoreCase);

    /// <summary>The one of the two that is in the language of the one who looks.</summary>
    public static string Of(string english, string chinese) => AreChinese ? chinese : english;
}
