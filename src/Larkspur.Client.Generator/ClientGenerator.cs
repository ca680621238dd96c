using System;
using System.IO;
using System.Text;
using Larkspur.Feishu.ApiGenerator.Facts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Larkspur.Client.Generator;

/// <summary>Turns the gateway's OpenAPI description (the additional file <c>openapi.json</c>) into a typed client: a record for each schema, a method for each operation.</summary>
[Generator]
public sealed class ClientGenerator : IIncrementalGenerator
{
    private static readonly DiagnosticDescriptor Unreadable = new(
        "LARK101", "The description cannot be turned into a client", "openapi.json cannot be turned into a client: {0}", "Larkspur", DiagnosticSeverity.Error, isEnabledByDefault: true);

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var description = context.AdditionalTextsProvider
            .Where(static file => Path.GetFileName(file.Path) == "openapi.json")
            .Select(static (file, cancel) => file.GetText(cancel)?.ToString() ?? "");

        context.RegisterSourceOutput(description, static (output, text) =>
        {
            try
            {
                var document = JsonReader.Parse(text);
                var records = new RecordWriter(document);
                // The exception carries it.
                records.Need("Problem");
                var calls = new CallWriter(document, records).Write();
                output.AddSource("Calls.g.cs", SourceText.From(calls, Encoding.UTF8));
                output.AddSource("Records.g.cs", SourceText.From(records.Write(), Encoding.UTF8));
            }
            catch (Exception reason) when (reason is FormatException or NotSupportedException)
            {
                output.ReportDiagnostic(Diagnostic.Create(Unreadable, Location.None, reason.Message));
            }
        });
    }
}
