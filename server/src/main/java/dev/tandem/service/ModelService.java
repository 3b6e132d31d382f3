package dev.tandem.service;

import dev.tandem.catalog.Catalog;
import dev.tandem.catalog.Model;
import dev.tandem.catalog.Model.Capability;
import dev.tandem.catalog.Price;
import dev.tandem.catalog.Rates;
import dev.tandem.rpc.RpcMethod;
import dev.tandem.v1.GetModelRequest;
import dev.tandem.v1.ListModelCapabilitiesRequest;
import dev.tandem.v1.ListModelCapabilitiesResponse;
import dev.tandem.v1.ListModelsRequest;
import dev.tandem.v1.ListModelsResponse;
import dev.tandem.v1.ModelCapabilities;
import dev.tandem.v1.ModelOuterClass;
import dev.tandem.v1.ModelPricing;
import java.time.Instant;
import java.util.List;

/// Serves the list of models that can be asked.
public final class ModelService {
    private final Catalog catalog;
    private final Instant learned;

    /// @param learned when the catalogue was read; clients of OpenAI expect a time with each model
    public ModelService(Catalog catalog, Instant learned) {
        this.catalog = catalog;
        this.learned = learned;
    }

    /// The methods of the contract, bound to this service.
    public List<RpcMethod<?, ?>> methods() {
        return new Contract(ModelOuterClass.getDescriptor(), "ModelService")
                .unary(
                        "ListModels",
                        ListModelsRequest.getDefaultInstance(),
                        ListModelsResponse.getDefaultInstance(),
                        (call, request) -> list())
                .unary(
                        "GetModel",
                        GetModelRequest.getDefaultInstance(),
                        dev.tandem.v1.Model.getDefaultInstance(),
                        (call, request) ->
                                wire(
                                        catalog.resolve(
                                                Fields.required("model_id", request.getModelId()))))
                .unary(
                        "ListModelCapabilities",
                        ListModelCapabilitiesRequest.getDefaultInstance(),
                        ListModelCapabilitiesResponse.getDefaultInstance(),
                        (call, request) -> capabilities())
                .methods();
    }

    private ListModelsResponse list() {
        ListModelsResponse.Builder answer = ListModelsResponse.newBuilder();
        catalog.models().forEach(model -> answer.addData(wire(model)));
        return answer.build();
    }

    private dev.tandem.v1.Model wire(Model model) {
        return dev.tandem.v1.Model.newBuilder()
                .setId(model.id())
                .setOwnedBy(model.provider())
                .setCreated(Fields.timestamp(learned))
                .build();
    }

    private ListModelCapabilitiesResponse capabilities() {
        ListModelCapabilitiesResponse.Builder answer = ListModelCapabilitiesResponse.newBuilder();
        catalog.models().forEach(model -> answer.addData(capabilities(model)));
        return answer.build();
    }

    private static ModelCapabilities capabilities(Model model) {
        ModelCapabilities.Builder wire =
                ModelCapabilities.newBuilder()
                        .setId(model.id())
                        .setName(model.name())
                        .setDescription(model.description())
                        .setMaxTokens(model.answerTokensMax())
                        .setContextWindow(model.contextTokens())
                        .setSupportsStreaming(true)
                        .setSupportsTools(model.can(Capability.TOOLS))
                        .setSupportsVision(model.can(Capability.VISION))
                        .setSupportsReasoning(model.can(Capability.REASONING))
                        .setProvider(model.provider())
                        .addAllAliases(model.aliases());
        model.price().map(ModelService::pricing).ifPresent(wire::setPricing);
        return wire.build();
    }

    private static ModelPricing pricing(Price price) {
        Rates rates = price.rates();
        ModelPricing.Builder wire =
                ModelPricing.newBuilder()
                        .setInputNanos(rates.input())
                        .setOutputNanos(rates.output());
        rates.cacheRead().ifPresent(wire::setCacheReadNanos);
        rates.cacheWrite().ifPresent(wire::setCacheWriteNanos);
        price.longPrompt()
                .ifPresent(
                        tier ->
                                wire.setLongInputTokens(tier.aboveTokens())
                                        .setLongInputNanos(tier.rates().input())
                                        .setLongOutputNanos(tier.rates().output()));
        return wire.build();
    }
}
