namespace Larkspur.Emulator.Platforms;

internal static class PlatformRegistration
{
    public static void AddPlatform<T>(this IServiceCollection services) where T : class, IEmulatedPlatform =>
        services.AddShared<IEmulatedPlatform, T>();

    /// <summary>One instance, found as itself and as one of the <typeparamref name="TMany"/>.</summary>
    public static void AddShared<TMany, T>(this IServiceCollection services)
        where TMany : class
        where T : class, TMany
    {
        services.AddSingleton<T>();
        services.AddSingleton<TMany>(provider => provider.GetRequiredService<T>());
    }
}
