using System.Text.Json;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Common.Text;

namespace Larkspur.Gateway.Tables.Syncing.Rest;

/// <summary>The names of a spec's choices, as bodies and answers have them.</summary>
internal static class SpecNames
{
    public static string Of<T>(T value) where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    /// <summary>Reads a word.</summary>
    /// <param name="word">As it was given; null: it was not.</param>
    /// <param name="pointer">Where.</param>
    /// <param name="otherwise">Where it was not given.</param>
    /// <param name="never">A value that is none here.</param>
    /// <exception cref="RequestRefusedException"><c>bad_value</c>, with what there is.</exception>
    public static T Read<T>(string? word, string pointer, T otherwise, params T[] never) where T : struct, Enum
    {
        if (word is null) return otherwise;
        var there = Enum.GetValues<T>().Where(value => !never.Contains(value)).ToList();
        foreach (var value in there)
            if (Of(value) == word) return value;
        throw Unknown(word, pointer, there.Select(Of));
    }

    /// <inheritdoc cref="Read{T}(string?, string, T, T[])"/>
    public static T? ReadOrNull<T>(string? word, string pointer) where T : struct, Enum =>
        word is null ? null : Read<T>(word, pointer, default);

    /// <summary>One of some words.</summary>
    /// <inheritdoc cref="Read{T}(string?, string, T, T[])" path="/exception"/>
    public static string Demand(string word, string pointer, params string[] there) =>
        there.Contains(word, StringComparer.Ordinal) ? word : throw Unknown(word, pointer, there);

    private static RequestRefusedException Unknown(string word, string pointer, IEnumerable<string> there)
    {
        var near = Spelling.Nearest(word, there) is { } meant ? $" Did you mean \"{meant}\"?" : "";
        return RequestRefusedException.Impossible("bad_value", pointer, $"There are: {string.Join(", ", there)}.{near}");
    }
}
