using System.Globalization;
using System.Text;
using Larkspur.Gateway.Masking;

namespace Larkspur.Gateway.Common.Files;

/// <summary>Names of files as others may see them: never a path, nothing that cannot be shown, and masked like any other text.</summary>
internal static class FileNames
{
    private const int Longest = 100;
    private const int LongestExtension = 12;
    private const string Reserved = "/\\\"<>|:*?";

    /// <summary>The name that a backend gets.</summary>
    /// <param name="name">As the sender calls it; null: not at all.</param>
    /// <param name="kind"><c>image</c>, <c>audio</c>, <c>video</c>, <c>file</c>.</param>
    /// <param name="extension">As the file's bytes have it: backends judge by it.</param>
    /// <param name="masker">Masks what is personal.</param>
    public static string Given(string? name, string kind, string extension, Masker masker)
    {
        var stem = Clean(Path.GetFileNameWithoutExtension(Last(name ?? "")));
        var masked = Clean(masker.Mask(stem));
        return $"{Cut(masked.Length > 0 ? masked : kind, Longest)}.{extension}";
    }

    /// <summary>The name that its sender reads. A long one is cut before its extension: by that people, and what reads the file later, know what it is.</summary>
    public static string Shown(string name, int length)
    {
        var clean = Whole(name);
        if (clean.Length <= length) return clean;
        var extension = Path.GetExtension(clean) is { Length: <= LongestExtension } ending ? ending : "";
        return Cut(clean[..^extension.Length], length - 1 - extension.Length) + "…" + extension;
    }

    /// <summary>The name as it can be shown, however long.</summary>
    public static string Whole(string name) => Clean(Last(name));

    private static string Last(string name) => name[(name.LastIndexOfAny(['/', '\\']) + 1)..];

    /// <summary>Without what ends a header's line, turns the direction of writing, means something to a shell or to Windows, or is half a character.</summary>
    private static string Clean(string name) => string.Concat(name.EnumerateRunes().Where(static r =>
        !Rune.IsControl(r) && r != Rune.ReplacementChar && Rune.GetUnicodeCategory(r) != UnicodeCategory.Format && !(r.IsAscii && Reserved.Contains((char)r.Value)))).Trim(' ', '.');

    private static string Cut(string name, int length) => name.Length <= length ? name : name[..(char.IsHighSurrogate(name[length - 1]) ? length - 1 : length)];
}
