namespace Larkspur.Gateway.Storage;

/// <summary>How a capability declares what it forgets.</summary>
internal static class RetentionServices
{
    /// <summary>Forgets rows by a method of their store, which is given a transaction.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="name">What they are, in the plural; unique.</param>
    /// <param name="keep">How long they are kept, by the settings.</param>
    /// <param name="forget">The method.</param>
    /// <param name="atMost">Rows of one transaction, where each has much to it.</param>
    public static IServiceCollection AddRetention<TStore>(
        this IServiceCollection services, string name, Func<RetentionOptions, TimeSpan> keep,
        Func<TStore, Func<OldBatch, ValueTask<int>>> forget, int atMost = int.MaxValue) where TStore : notnull =>
        services.AddSingleton(provider =>
        {
            var (age, method) = (keep(provider.GetRequiredService<RetentionOptions>()), forget(provider.GetRequiredService<TStore>()));
            return new RetentionRule(name, now => (database, most, cancellation) => database.TransactAsync(
                unit => method(new(unit, database.Dialect, (now - age).ToUnixTimeMilliseconds(), most)), cancellation)) { AtMost = atMost };
        });

    /// <summary>The same by a method that needs no store.</summary>
    public static IServiceCollection AddRetention(this IServiceCollection services, string name, Func<RetentionOptions, TimeSpan> keep,
        Func<OldBatch, ValueTask<int>> forget, int atMost = int.MaxValue) =>
        services.AddRetention<RetentionOptions>(name, keep, _ => forget, atMost);

    /// <summary>Forgets rows that are looked for outside of the transaction that deletes them, since there are very many.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="name">What they are, in the plural; unique.</param>
    /// <param name="keep">How long they are kept, by the settings.</param>
    /// <param name="find">Finds those from before a time.</param>
    /// <param name="forget">Forgets some that were found.</param>
    /// <param name="isLoss">Somebody should have looked at them before.</param>
    public static IServiceCollection AddRetention<TStore>(
        this IServiceCollection services, string name, Func<RetentionOptions, TimeSpan> keep,
        Func<TStore, Func<DateTimeOffset, OldRows>> find, Func<TStore, ForgetFound> forget, bool isLoss = false) where TStore : notnull =>
        services.AddSingleton(provider =>
        {
            var (age, store) = (keep(provider.GetRequiredService<RetentionOptions>()), provider.GetRequiredService<TStore>());
            return new RetentionRule(name, now => find(store)(now - age).Forgetting(forget(store))) { IsLoss = isLoss };
        });
}
