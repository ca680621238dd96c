using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Larkspur;

/// <summary>
/// How the apps of a platform are registered as services: options that are checked when the host starts, a client per app, a transport that
/// they share.
/// </summary>
/// <typeparam name="TClient">The platform's client.</typeparam>
/// <typeparam name="TOptions">Its options.</typeparam>
public sealed class PlatformHosting<TClient, TOptions>
    where TClient : class
    where TOptions : class
{
    /// <summary>The platform's name: in texts, and the section of the settings.</summary>
    public required string Platform { get; init; }

    /// <summary>
    /// Finds everything that is wrong with options, each problem named by the key that sets it; the second argument is the section.
    /// </summary>
    public required Func<TOptions, string, IReadOnlyList<string>> Problems { get; init; }

    /// <summary>Makes the client of an app.</summary>
    public required Func<IServiceProvider, TOptions, HttpClient, TClient> CreateClient { get; init; }

    /// <summary>The key of the <see cref="HttpClient"/> that all apps share; what is registered under it before wins.</summary>
    public required string HttpClientKey { get; init; }

    /// <summary>Makes the transport that all apps share.</summary>
    public Func<HttpClient> CreateHttp { get; init; } = PlatformHttp.CreateClient;

    /// <summary>Registers an app from configuration.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">Name of the app in this process; empty: the default app.</param>
    /// <param name="section">Its settings.</param>
    /// <exception cref="InvalidOperationException">There is an app of that name.</exception>
    public IServiceCollection Add(IServiceCollection services, string name, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(section);
        return Add(services, name, (section as IConfigurationSection)?.Path ?? Section(name), section.Bind);
    }

    /// <summary>Registers an app: its client is a keyed singleton under its name; the default app's is also there without a key.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">Name of the app in this process; empty: the default app.</param>
    /// <param name="configure">Sets the options.</param>
    /// <exception cref="InvalidOperationException">There is an app of that name.</exception>
    public IServiceCollection Add(IServiceCollection services, string name, Action<TOptions> configure)
        => Add(services, name, Section(name), configure);

    private IServiceCollection Add(IServiceCollection services, string name, string section, Action<TOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(configure);
        if (services.Any(s => s.ImplementationInstance is PlatformApp<TClient> app && app.Name == name))
            throw new InvalidOperationException($"A {Platform} app {PlatformHosting.Describe(name)} is registered already.");

        services.AddOptions<TOptions>(name).Configure(configure).ValidateOnStart();
        services.AddSingleton<IValidateOptions<TOptions>>(new Validation(name, section, Problems));
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(s => new PlatformClients<TClient>(Platform, s.GetServices<PlatformApp<TClient>>(), s));
        services.TryAddKeyedSingleton(HttpClientKey, (_, _) => CreateHttp());
        services.AddSingleton(new PlatformApp<TClient>(name));
        return PlatformHosting.AddOfApp(services, name, (IServiceProvider s, TOptions options) => CreateClient(s, options, s.GetRequiredKeyedService<HttpClient>(HttpClientKey)));
    }

    private string Section(string name) => string.IsNullOrEmpty(name) ? Platform : $"{Platform}:{name}";

    private sealed class Validation(string optionsName, string section, Func<TOptions, string, IReadOnlyList<string>> problems)
        : IValidateOptions<TOptions>
    {
        public ValidateOptionsResult Validate(string? name, TOptions options)
        {
            if (name != optionsName) return ValidateOptionsResult.Skip;
            IReadOnlyList<string> found = problems(options, section);
            return found.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(found);
        }
    }
}

/// <summary>Registers what goes with the apps of a platform.</summary>
public static class PlatformHosting
{
    /// <summary>Registers what goes with an app as a singleton: keyed by the app's name, and without a key for the default app.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">Name of the app.</param>
    /// <param name="create">Makes it, from the services and the app's options.</param>
    public static IServiceCollection AddOfApp<TOptions, T>(IServiceCollection services, string name, Func<IServiceProvider, TOptions, T> create)
        where TOptions : class
        where T : class
    {
        services.AddKeyedSingleton(name, (s, _) => create(s, s.GetRequiredService<IOptionsMonitor<TOptions>>().Get(name)));
        if (name.Length == 0) services.AddSingleton(static s => s.GetRequiredKeyedService<T>(""));
        return services;
    }

    internal static string Describe(string name) => name.Length == 0 ? "without a name" : $"named \"{name}\"";
}
