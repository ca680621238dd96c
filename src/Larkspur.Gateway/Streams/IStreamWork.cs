namespace Larkspur.Gateway.Streams;

/// <summary>The turns of conversations whose answers are written into streams, as SQL: whoever has them knows their table.</summary>
internal interface IStreamWork
{
    /// <summary>A condition: the turn goes on.</summary>
    /// <param name="turn">The column that has its row.</param>
    string IsOpen(string turn);
}
