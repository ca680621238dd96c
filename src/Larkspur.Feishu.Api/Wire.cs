using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Larkspur.Feishu.Api;

/// <summary>How values are written outside JSON bodies: in query, path, headers and form fields.</summary>
internal static class Wire
{
    public static T Given<T>(T? request, [CallerArgumentExpression(nameof(request))] string? name = null) where T : class
        => request ?? throw new ArgumentNullException(name);

    public static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    public static string? Text(long? value) => value?.ToString(CultureInfo.InvariantCulture);

    public static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    public static string? Text(double? value) => value?.ToString("R", CultureInfo.InvariantCulture);

    public static string Text(bool value) => value ? "true" : "false";

    public static string? Text(bool? value) => value is { } known ? Text(known) : null;

    /// <summary>An object in a form field travels as JSON text.</summary>
    public static string? Json<T>(T? value) => value is null ? null : JsonSerializer.Serialize(value, FeishuJson.Options);

    /// <summary>A list in the query repeats its name.</summary>
    public static void Query<T>(FeishuRequest call, string name, IReadOnlyList<T>? values)
    {
        foreach (var value in values ?? [])
        {
            call.WithQuery(name, value switch
            {
                bool flag => Text(flag),
                IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
                _ => value?.ToString(),
            });
        }
    }
}
