namespace Larkspur.Gateway.Outbox;

/// <summary>The operations that this version knows, whoever registered them.</summary>
internal sealed class OutboxOperations
{
    private readonly Dictionary<string, OutboxOperation> _byName = new(StringComparer.Ordinal);

    /// <exception cref="InvalidOperationException">Two operations have one name: rows of one would be sent as the other.</exception>
    public OutboxOperations(IEnumerable<OutboxOperation> operations)
    {
        foreach (var operation in operations)
        {
            if (!_byName.TryAdd(operation.Name, operation)) throw new InvalidOperationException($"Two outbox operations are called \"{operation.Name}\".");
        }
    }

    public IReadOnlyCollection<OutboxOperation> All => _byName.Values;

    /// <summary>The operation that a row names; null: this version does not know it.</summary>
    public OutboxOperation? Find(string name) => _byName.GetValueOrDefault(name);
}

/// <summary>Registers operations.</summary>
internal static class OutboxOperationServices
{
    /// <summary>An operation of a room's own. Registered whether or not its platform is configured: a row that waits is then known, and says why it does not leave.</summary>
    public static IServiceCollection AddOutboxOperation(this IServiceCollection services, OutboxOperation operation) => services.AddSingleton(operation);

    /// <summary>Those of messages of any kind, and the list of all.</summary>
    public static void AddOutboxOperations(this IServiceCollection services)
    {
        services.AddSingleton<OutboxOperations>();
        foreach (var operation in MessageOperations.All) services.AddOutboxOperation(operation);
    }
}
