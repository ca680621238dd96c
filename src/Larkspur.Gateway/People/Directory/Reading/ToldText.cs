using System.Text;

namespace Larkspur.Gateway.People.Directory.Reading;

/// <summary>Texts that people typed into a directory: no database takes all of them.</summary>
internal static class ToldText
{
    private const int Longest = 500;

    /// <summary>Without control characters (PostgreSQL takes no NUL) and halves of surrogate pairs, and at most 500 characters.</summary>
    public static string? Clean(string? text)
    {
        if (text is null) return null;
        var whole = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        if (whole.Any(char.IsControl)) whole = string.Concat(whole.Where(c => !char.IsControl(c)));
        return whole.Length <= Longest ? whole : whole[..(char.IsHighSurrogate(whole[Longest - 1]) ? Longest - 1 : Longest)];
    }
}
