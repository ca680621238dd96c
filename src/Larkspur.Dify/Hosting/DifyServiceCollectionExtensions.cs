using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Larkspur.Dify;

/// <summary>Registers Dify apps.</summary>
public static class DifyServiceCollectionExtensions
{
    /// <summary>The keyed <see cref="HttpClient"/> that all apps use; register your own under this key to change the transport.</summary>
    public const string HttpClientKey = "Larkspur.Dify";

    private static readonly PlatformHosting<DifyClient, DifyOptions> Hosting = new()
    {
        Platform = "Dify",
        HttpClientKey = HttpClientKey,
        Problems = static (options, section) => [.. options.Problems().Select(p => $"{section}:{p}")],
        CreateClient = static (services, options, http) => new DifyClient(options, http, services.GetRequiredService<TimeProvider>(), services.GetService<ILogger<DifyClient>>()),
        CreateHttp = DifyClient.CreateHttpClient,
    };

    /// <summary>
    /// Registers an app: <see cref="DifyClient"/> as a singleton, keyed by <paramref name="name"/> (and without a key when that is empty).
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the options, which are checked when the host starts.</param>
    /// <param name="name">Name of the app in this process.</param>
    /// <exception cref="InvalidOperationException">There is an app of that name.</exception>
    public static IServiceCollection AddDify(this IServiceCollection services, Action<DifyOptions> configure, string name = "") => Hosting.Add(services, name, configure);
}
