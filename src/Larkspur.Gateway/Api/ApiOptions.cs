namespace Larkspur.Gateway.Api;

/// <summary>Who may reach the REST API, as the settings say.</summary>
/// <param name="Urls">Addresses to listen on.</param>
/// <param name="ApiKey">LARKSPUR_API_KEY; null: it is not set.</param>
/// <param name="AllowedHosts">Names that the gateway may be called by; null: those that it knows by itself.</param>
internal sealed record ApiOptions(string[] Urls, string? ApiKey, IReadOnlyList<string>? AllowedHosts);
