using System;
using System.Linq;
using System.Text;
using Larkspur.Feishu.ApiGenerator.Facts;
using Larkspur.Feishu.ApiGenerator.Writing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Larkspur.Feishu.ApiGenerator;

/// <summary>
/// Turns the facts under <c>catalogue/feishu</c> (additional files) into the typed API. All files go through one step, since names and shared
/// types depend on all of them; it runs again only when the text of a fact file changes, never on an edit of code.
/// </summary>
[Generator]
public sealed class ApiGenerator : IIncrementalGenerator
{
    private static readonly DiagnosticDescriptor Unreadable = new(
        "LARK001", "A fact file cannot be turned into code", "The catalogue of the Feishu API cannot be turned into code: {0}", "Larkspur", DiagnosticSeverity.Error, isEnabledByDefault: true);

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var files = context.AdditionalTextsProvider
            .Where(static file => FactFile.IsFact(file.Path))
            .Select(static (file, cancel) => new FactFile(file.Path, file.GetText(cancel)?.ToString() ?? "[]"))
            .Collect()
            .WithComparer(FactFiles.Comparer);

        context.RegisterSourceOutput(files, static (output, found) =>
        {
            if (found.IsEmpty) return;
            try
            {
                var catalogue = Catalogue.Read(found.OrderBy(file => file.Path, StringComparer.Ordinal));
                new ApiWriter(catalogue, (name, source) => output.AddSource(name, SourceText.From(source, Encoding.UTF8))).Write();
            }
            catch (Exception reason) when (reason is FormatException or NotSupportedException)
            {
                output.ReportDiagnostic(Diagnostic.Create(Unreadable, Location.None, reason.Message));
            }
        });
    }
}
