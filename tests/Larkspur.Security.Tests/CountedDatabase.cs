using System.Data.Common;
using Larkspur.Gateway.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Security.Tests;

/// <summary>The gateway's database, which counts the queries that name a table: what a caller costs it.</summary>
internal sealed class CountedDatabase(IDatabase inner, CountedQueries counted) : IDatabase
{
    public Dialect Dialect => inner.Dialect;

    public Task<T> TransactAsync<T>(Func<IUnitOfWork, ValueTask<T>> work, CancellationToken cancellation = default) =>
        inner.TransactAsync(work, cancellation);

    public Task CheckWritableAsync(CancellationToken cancellation = default) => inner.CheckWritableAsync(cancellation);

    public Task<T> ReadAsync<T>(Func<ISql, ValueTask<T>> query, CancellationToken cancellation = default) =>
        inner.ReadAsync(sql => query(new CountedSql(sql, counted)), cancellation);

    // PostgreSQL's is a service of its own, which the host ends.
    public ValueTask DisposeAsync() => inner.Dialect == Dialect.Sqlite ? inner.DisposeAsync() : ValueTask.CompletedTask;

    private sealed class CountedSql(ISql sql, CountedQueries counted) : ISql
    {
        public ValueTask<List<T>> QueryAsync<T>(string text, Func<DbDataReader, T> map, params ReadOnlySpan<object?> values)
        {
            counted.Note(text);
            return sql.QueryAsync(text, map, values);
        }
    }
}

/// <summary>Queries that name a table.</summary>
internal sealed class CountedQueries(string table)
{
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public void Note(string text)
    {
        if (text.Contains(table, StringComparison.Ordinal)) Interlocked.Increment(ref _count);
    }

    /// <summary>Puts itself before the database once everything is registered.</summary>
    public void Watch(WebApplicationBuilder builder) => builder.Host.UseServiceProviderFactory(new Before(this));

    private sealed class Before(CountedQueries counted) : IServiceProviderFactory<IServiceCollection>
    {
        public IServiceCollection CreateBuilder(IServiceCollection services)
        {
            var real = services.Last(s => s.ServiceType == typeof(IDatabase));
            services.Remove(real);
            services.AddSingleton<IDatabase>(provider => new CountedDatabase((IDatabase)real.ImplementationFactory!(provider), counted));
            return services;
        }

        public IServiceProvider CreateServiceProvider(IServiceCollection containerBuilder) => containerBuilder.BuildServiceProvider();
    }
}
