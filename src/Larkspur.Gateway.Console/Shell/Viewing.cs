using System.Globalization;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Console.Accounts;

namespace Larkspur.Gateway.Console.Shell;

/// <summary>Who sees the page, and in which language.</summary>
/// <param name="Language"><c>zh</c> or <c>en</c>.</param>
/// <param name="Theme"><c>light</c>, <c>dark</c>; null: as the browser prefers.</param>
/// <param name="Account">Null on the pages before the log-in.</param>
public sealed record Viewing(string Language, string? Theme, Account? Account)
{
    /// <summary>By whose clocks times are shown: the browser's, or the company's where it has not told its own.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>The reader's language.</summary>
    internal Language Spoken => Language == "zh" ? Common.Localisation.Language.Chinese : Common.Localisation.Language.English;

    /// <summary>The reader's day at a moment.</summary>
    public DateOnly Day(DateTimeOffset at) => DateOnly.FromDateTime(Local(at).DateTime);

    /// <summary>A moment by the reader's clocks.</summary>
    public DateTimeOffset Local(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, Zone);

    /// <summary>The reader's zone by its name and by what it is from UTC at a moment: <c>Asia/Shanghai, UTC+08:00</c>.</summary>
    public string ZoneText(DateTimeOffset at)
    {
        var utc = OffsetText(at);
        return Zone.Id == utc ? utc : $"{Zone.Id}, {utc}";
    }

    /// <summary>What the reader's zone is from UTC at a moment: <c>UTC+08:00</c>.</summary>
    public string OffsetText(DateTimeOffset at)
    {
        var offset = Zone.GetUtcOffset(at);
        return offset == TimeSpan.Zero ? "UTC" : string.Create(CultureInfo.InvariantCulture,
            $"UTC{(offset < TimeSpan.Zero ? '-' : '+')}{offset:hh\\:mm}");
    }

    /// <summary>A moment as a form's field for date and time holds it: by the reader's clocks, to the minute.</summary>
    public DateTime ToField(DateTimeOffset at)
    {
        var local = Local(at).DateTime;
        return local.AddTicks(-(local.Ticks % TimeSpan.TicksPerMinute));
    }

    /// <summary>The moment that a form's field for date and time means; null: it is empty.</summary>
    public DateTimeOffset? FromField(DateTime? field)
    {
        if (field is not { } time) return null;
        var local = DateTime.SpecifyKind(time, DateTimeKind.Unspecified);
        return new DateTimeOffset(local, Zone.GetUtcOffset(local));
    }

    /// <summary>The text in the reader's language.</summary>
    public string T(LocalText text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.In(Language);
    }

    /// <summary>Whether the role is enough; what is offered, not what is allowed: that is asked at the action (<see cref="Visitor.MustBeAsync"/>).</summary>
    public bool May(Role role) => Account is { } account && account.Role >= role;
}
