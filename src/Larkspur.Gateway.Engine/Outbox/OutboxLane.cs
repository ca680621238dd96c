using System.Globalization;

namespace Larkspur.Gateway.Outbox;

/// <summary>A lane of the outbox: its rows leave one after another.</summary>
/// <param name="Platform">The platform, without spaces.</param>
/// <param name="App">The app's name, without spaces.</param>
/// <param name="Name">The chat, person, message or webhook.</param>
/// <param name="IsOfChanges">It has the changes of one message, of which only the newest counts.</param>
internal readonly record struct OutboxLane(string Platform, string App, string Name, bool IsOfChanges)
{
    private const string Row = "row:";

    /// <summary>As one text; <see cref="Of"/> reads it.</summary>
    public string Key => Platform + " " + App + (IsOfChanges ? "\n" : " ") + Name;

    /// <summary>The row that stands alone in this lane because this version cannot read it; null: another lane.</summary>
    public long? UnreadableRow => Platform.Length == 0 && Name.StartsWith(Row, StringComparison.Ordinal)
        && long.TryParse(Name.AsSpan(Row.Length), CultureInfo.InvariantCulture, out var id) ? id : null;

    /// <summary>The <see cref="Name"/> of the lane of a row that cannot be read; its platform and app are empty.</summary>
    public static string NameOfUnreadable(long id) => string.Create(CultureInfo.InvariantCulture, $"{Row}{id}");

    /// <summary>The lane of a <see cref="Key"/>.</summary>
    public static OutboxLane Of(string key)
    {
        var platform = key.IndexOf(' ');
        var app = platform + 1 + key.AsSpan(platform + 1).IndexOfAny(' ', '\n');
        return new OutboxLane(key[..platform], key[(platform + 1)..app], key[(app + 1)..], key[app] == '\n');
    }
}
