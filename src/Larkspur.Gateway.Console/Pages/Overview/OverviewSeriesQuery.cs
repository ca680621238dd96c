using Larkspur.Gateway.Operations.Figures;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Console.Pages.Overview;

/// <summary>The figures that the overview draws.</summary>
internal sealed class OverviewSeriesQuery(FigureStore store, HourFigures figures, TimeProvider clock)
{
    /// <summary>A day or a week until now.</summary>
    /// <returns>Null: the database is away.</returns>
    public async Task<FigureSeries?> ReadAsync(bool week, CancellationToken cancellation)
    {
        try
        {
            // What this process has counted since its last writing belongs to the picture.
            await figures.FlushAsync(cancellation);
            return await FigureSeries.ReadAsync(store, clock.GetUtcNow(), week, cancellation);
        }
        catch (StorageUnavailableException)
        {
            return null;
        }
    }
}
