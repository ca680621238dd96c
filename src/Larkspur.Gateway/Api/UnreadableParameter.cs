using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;

namespace Larkspur.Gateway.Api;

/// <summary>Which parameter of an address made its endpoint refuse it. Handlers that are bound at build say so of needed parameters only; of an optional one they answer a bare 400.</summary>
internal static class UnreadableParameter
{
    /// <summary>The name of the first one whose value cannot be read; null: it was something else.</summary>
    public static string? In(HttpContext http)
    {
        foreach (var parameter in http.GetEndpoint()?.Metadata.GetOrderedMetadata<IParameterBindingMetadata>() ?? [])
        {
            if (!parameter.HasTryParse) continue;
            var name = parameter.ParameterInfo.GetCustomAttribute<FromQueryAttribute>()?.Name ?? parameter.Name;
            var value = http.Request.RouteValues.TryGetValue(name, out var part) ? part as string : (string?)http.Request.Query[name];
            if (!string.IsNullOrEmpty(value) && !IsReadable(value, Nullable.GetUnderlyingType(parameter.ParameterInfo.ParameterType) ?? parameter.ParameterInfo.ParameterType)) return name;
        }

        return null;
    }

    /// <summary>As the framework reads it: culture-invariant, dates with their offset kept.</summary>
    private static bool IsReadable(string value, Type type) =>
        type == typeof(bool) ? bool.TryParse(value, out _)
        : type == typeof(int) ? int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out _)
        : type == typeof(long) ? long.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out _)
        : type == typeof(double) ? double.TryParse(value, NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out _)
        : type == typeof(DateTimeOffset) ? DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, out _)
        : !type.IsEnum || Enum.TryParse(type, value, ignoreCase: true, out _);
}
