namespace Larkspur.Emulator.Platforms;

/// <summary>All state that a reset puts back, as it was registered.</summary>
internal sealed class ResettableStates(IServiceProvider services, IReadOnlyList<Type> types)
{
    public IReadOnlyList<Type> Types => types;

    public void Reset()
    {
        foreach (var type in types) ((IResettableState)services.GetRequiredService(type)).Reset();
    }
}

internal static class ResettableStateRegistration
{
    /// <summary>After everything else was registered: finds the singletons that are <see cref="IResettableState"/>.</summary>
    public static void AddResettableStates(this IServiceCollection services)
    {
        Type[] types = [.. services.Where(s => s.Lifetime == ServiceLifetime.Singleton).Select(s => s.ServiceType).Distinct()
            .Where(t => t.IsClass && t.IsAssignableTo(typeof(IResettableState)))];
        services.AddSingleton(provider => new ResettableStates(provider, types));
    }
}
