using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Apps;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Doctor;

/// <summary>How a check ended; a higher one is worse.</summary>
internal enum CheckStatus
{
    /// <summary>It does not apply, or cannot be judged; the finding says why.</summary>
    Skipped,

    Ok,

    /// <summary>It works, and somebody should look at it; or it could not be judged although it should be.</summary>
    Warning,

    /// <summary>Something does not work.</summary>
    Failed,
}

/// <summary>What a check found. Never holds a secret.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Finding">What is so, and how the doctor knows.</param>
internal sealed record CheckResult(CheckStatus Status, LocalText Finding)
{
    /// <summary>What to do; there is always one for a warning and a failure.</summary>
    public LocalText? Fix { get; init; }

    /// <summary>Where to do it.</summary>
    public string? Link { get; init; }

    /// <summary>Figures and names for programs.</summary>
    public JsonObject? Detail { get; init; }

    public static CheckResult Ok(LocalText finding, JsonObject? detail = null) => new(CheckStatus.Ok, finding) { Detail = detail };

    public static CheckResult Skipped(LocalText finding, JsonObject? detail = null) => new(CheckStatus.Skipped, finding)
        { Detail = detail };

    public static CheckResult Warning(LocalText finding, LocalText fix, JsonObject? detail = null) => new(CheckStatus.Warning, finding) { Fix = fix, Detail = detail };

    public static CheckResult Failed(LocalText finding, LocalText fix, JsonObject? detail = null) => new(CheckStatus.Failed, finding) { Fix = fix, Detail = detail };

    /// <summary>An app of the settings is switched on and cannot be connected; null: none is.</summary>
    public static CheckResult? OfIncomplete(IEnumerable<AppState> apps) => apps.FirstOrDefault(a =>
        a.Condition == AppCondition.Incomplete) is { Reason: { } why }
        ? Failed(why, DoctorTexts.CompleteItInConsoleSettings)
        : null;

    /// <summary>A number with its noun, in English.</summary>
    public static string Count(long number, string one, string? many = null) => string.Create(CultureInfo.InvariantCulture, $"{number} {(number == 1 ? one : many ?? one + "s")}");

    /// <summary>Names as a JSON list, cut where nobody would read on.</summary>
    public static JsonArray List(IEnumerable<string> names, int most = 100) => [.. names.Take(most).Select(n => (JsonNode?)JsonValue.Create(n))];

    /// <summary>The status as programs read it.</summary>
    public static string Word(CheckStatus status) => JsonNamingPolicy.SnakeCaseLower.ConvertName(status.ToString());
}
