using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Reflection;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Common.Text;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;

namespace Larkspur.Gateway.Api.Requests;

/// <summary>
/// Refuses query parameters that an endpoint does not know: one that is mistyped would be a filter that filters nothing. What it knows are
/// the parameters of its handler that come from the address, and those that it names itself (<see cref="QueryNames"/>).
/// </summary>
internal sealed class KnownParameters : IEndpointFilter
{
    private readonly ConcurrentDictionary<Endpoint, FrozenSet<string>> _known = new();

    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var query = context.HttpContext.Request.Query;
        if (query.Count > 0 && context.HttpContext.GetEndpoint() is RouteEndpoint endpoint)
            Demand(query, _known.GetOrAdd(endpoint, _ => NamesOf(endpoint)));
        return next(context);
    }

    private static void Demand(IQueryCollection query, FrozenSet<string> known)
    {
        // The framework reads names in any case.
        if (query.Keys.FirstOrDefault(name => !known.Contains(name)) is not { } unknown) return;
        var shown = JsonFields.Shown(unknown);
        var hint = Spelling.Nearest(shown, known) is { } near ? RequestTexts.DidYouMean(near)
            : known.Count == 0 ? RequestTexts.ThereAreNone : RequestTexts.ThereAre(string.Join(", ", known.Order(StringComparer.Ordinal)));
        throw RequestRefusedException.Malformed("unknown_parameter", "?" + shown, RequestTexts.UnknownParameter(shown) + hint);
    }

    private static FrozenSet<string> NamesOf(RouteEndpoint endpoint)
    {
        var route = endpoint.RoutePattern.Parameters.Select(parameter => parameter.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var names = new List<string>(endpoint.Metadata.GetOrderedMetadata<QueryNames>().SelectMany(own => own.Names));
        foreach (var parameter in endpoint.Metadata.GetMetadata<MethodInfo>()?.GetParameters() ?? [])
        {
            if (parameter.IsDefined(typeof(AsParametersAttribute)))
            {
                names.AddRange(parameter.ParameterType.GetProperties()
                    .Select(property => NameOf(property, property.Name, property.PropertyType)).OfType<string>());
            }
            else if (!route.Contains(parameter.Name!) && NameOf(parameter, parameter.Name!, parameter.ParameterType) is { } name)
            {
                names.Add(name);
            }
        }

        return names.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The name under which something comes from the query; null: it comes from elsewhere.</summary>
    private static string? NameOf(ICustomAttributeProvider place, string name, Type type)
    {
        var attributes = place.GetCustomAttributes(true);
        if (attributes.OfType<IFromQueryMetadata>().FirstOrDefault() is { } query) return query.Name ?? name;
        if (attributes.Any(a => a is IFromHeaderMetadata or IFromRouteMetadata or IFromBodyMetadata or IFromServiceMetadata)) return null;
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        return plain.IsPrimitive || plain.IsEnum || plain == typeof(string) || plain == typeof(string[]) || plain == typeof(DateTimeOffset)
            ? name : null;
    }
}

/// <summary>Query parameters that a handler reads by itself.</summary>
internal sealed record QueryNames(params IReadOnlyList<string> Names);
