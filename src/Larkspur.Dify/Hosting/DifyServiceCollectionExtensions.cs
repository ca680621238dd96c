using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Larkspur.Dify;

/// <summary>Registers Dify apps.</summary>
public static class DifyServiceCollectionExtensions
{
    /// <summary>The keyed <see cref="HttpClient"/> that all apps use; register your own under this key to change the transport.</summary>
    public const string HttpClientKey = "Larkspur.Dify";

    /// <summary>Registers an app: <see cref="DifyClient"/> as a singleton, keyed by <paramref name="name"/> (and without a key when that is empty).</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the options, which are checked when the host starts.</param>
    /// <param name="name">Name of the app in this process.</param>
    public static IServiceCollection AddDify(this IServiceCollection services, Action<DifyOptions> configure, string name = "")
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        ArgumentNullException.ThrowIfNull(name);
        services.AddOptions<DifyOptions>(name).Configure(configure).ValidateOnStart();
        services.AddSingleton<IValidateOptions<DifyOptions>>(new Validation(name));
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddKeyedSingleton(HttpClientKey, static (_, _) => DifyClient.CreateHttpClient());
        services.AddKeyedSingleton(name, (s, _) => new DifyClient(s.GetRequiredService<IOptionsMonitor<DifyOptions>>().Get(name),
            s.GetRequiredKeyedService<HttpClient>(HttpClientKey), s.GetRequiredService<TimeProvider>(), s.GetService<ILogger<DifyClient>>()));
        if (name.Length == 0) services.AddSingleton(s => s.GetRequiredKeyedService<DifyClient>(""));
        return services;
    }

    private sealed class Validation(string optionsName) : IValidateOptions<DifyOptions>
    {
        public ValidateOptionsResult Validate(string? name, DifyOptions options)
        {
            if (name != optionsName) return ValidateOptionsResult.Skip;
            string[] problems = [.. options.Problems().Select(p => $"Dify{(optionsName.Length > 0 ? ":" + optionsName : "")}:{p}")];
            return problems.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
        }
    }
}
